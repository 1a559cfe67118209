/// Random values whose variance is scaled by a weight's shape.
///
/// The variance is `scale` / n, where n is the fan-in, the fan-out, or the mean of both.
/// Keras 3.15.1 `VarianceScaling`.
public struct VarianceScaling: Initializer {
    /// The divisor of the variance.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// Fan-in.
        case fanIn = "fan_in"
        /// Fan-out.
        case fanOut = "fan_out"
        /// The mean of both.
        case fanAverage = "fan_avg"
    }

    /// The distribution of the values.
    public enum Distribution: String, Sendable, Hashable, CaseIterable {
        /// Normal, truncated at two standard deviations.
        case truncatedNormal = "truncated_normal"
        case untruncatedNormal = "untruncated_normal"
        /// Uniform.
        case uniform
    }

    public static let className = "VarianceScaling"
    /// n times the variance; above 0.
    public var scale: Float
    public var mode: Mode
    public var distribution: Distribution
    /// The random seed; `nil` draws from the program's stream.
    public var seed: Int?
    /// The input axes; if left out, the last but one and those of the window.
    public var inputAxes: [Int]?
    /// The output axes; if left out, the last and those of the window.
    public var outputAxes: [Int]?

    public init(
        scale: Double = 1, mode: Mode = .fanIn, distribution: Distribution = .truncatedNormal,
        seed: Int? = nil, inputAxes: [Int]? = nil, outputAxes: [Int]? = nil
    ) {
        self.scale = Float(scale)
        self.mode = mode
        self.distribution = distribution
        self.seed = seed
        self.inputAxes = inputAxes
        self.outputAxes = outputAxes
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        scale = try configuration.float("scale", default: scale)
        guard scale > 0 else { throw configuration.failure("scale", "should be above 0") }
        mode = try configuration.choice("mode", default: mode)
        // Keras takes "normal" for the truncated one.
        distribution =
            configuration.value("distribution") == "normal"
            ? .truncatedNormal : try configuration.choice("distribution", default: distribution)
        seed = try configuration.seed()
        inputAxes = try configuration.optionalInts("input_axes")
        outputAxes = try configuration.optionalInts("output_axes")
    }

    public var config: [String: JSONValue] {
        [
            "scale": JSONValue(scale), "mode": .string(mode.rawValue),
            "distribution": .string(distribution.rawValue), "seed": JSONValue(seed),
            "input_axes": JSONValue(inputAxes), "output_axes": JSONValue(outputAxes),
        ]
    }

    public func problem(shape: [Int]) -> GraphError.Problem? {
        let axes = (inputAxes ?? []) + (outputAxes ?? [])
        if let wrong = axes.first(where: { !(-shape.count..<shape.count).contains($0) }) {
            return .invalidArgument(
                "a weight of shape \(shape) has no axis \(wrong)",
                fix: "choose inputAxes and outputAxes that it has")
        }
        return scale > 0
            ? nil : .invalidArgument("scale \(scale) is not above 0", fix: "use a positive scale")
    }

    public func values(shape: [Int], generator: inout RandomGenerator) -> Tensor {
        guard problem(shape: shape) == nil else { return .zeros(shape) }
        let fans = Fans(shape: shape, inputAxes: inputAxes, outputAxes: outputAxes)
        let divisor =
            switch mode {
            case .fanIn: Double(fans.input)
            case .fanOut: Double(fans.output)
            case .fanAverage: Double(fans.input + fans.output) / 2
            }
        let variance = Double(scale) / max(1, divisor)
        switch distribution {
        case .truncatedNormal:
            // The standard deviation of a standard normal truncated at ±2.
            let deviation = Float(variance.squareRoot() / 0.879_625_661_034_239_78)
            return generator.tensor(shape, seed: seed) { $0.truncatedNormal() * deviation }
        case .untruncatedNormal:
            let deviation = Float(variance.squareRoot())
            return generator.tensor(shape, seed: seed) { $0.normal() * deviation }
        case .uniform:
            let limit = Float((3 * variance).squareRoot())
            return generator.tensor(shape, seed: seed) { (2 * $0.uniform() - 1) * limit }
        }
    }
}

extension Initializer where Self == VarianceScaling {
    /// Random values whose variance is scaled by a weight's shape.
    public static func varianceScaling(
        scale: Double = 1, mode: VarianceScaling.Mode = .fanIn,
        distribution: VarianceScaling.Distribution = .truncatedNormal, seed: Int? = nil
    ) -> VarianceScaling {
        VarianceScaling(scale: scale, mode: mode, distribution: distribution, seed: seed)
    }
}
