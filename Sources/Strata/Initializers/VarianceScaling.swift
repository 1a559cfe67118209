/// Random numbers whose spread follows from a weight's shape.
///
/// Their variance is `scale` / n, where n counts the weight's inputs, outputs or the mean of both.
/// Keras 3.15.1 `VarianceScaling`.
public struct VarianceScaling: Initializer {
    /// What the spread is divided by.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// The inputs of one output.
        case fanIn = "fan_in"
        /// The outputs of one input.
        case fanOut = "fan_out"
        /// The mean of both.
        case fanAverage = "fan_avg"
    }

    /// How the numbers are spread.
    public enum Distribution: String, Sendable, Hashable, CaseIterable {
        /// A bell without what lies beyond two deviations.
        case truncatedNormal = "truncated_normal"
        case untruncatedNormal = "untruncated_normal"
        /// Evenly between two bounds.
        case uniform
    }

    public static let className = "VarianceScaling"
    /// n times the variance; above 0.
    public var scale: Float
    public var mode: Mode
    public var distribution: Distribution
    /// Fixes the numbers; `nil` draws from the program's own stream.
    public var seed: Int?
    /// Which axes are the inputs; if left out, the one before the last, times the window.
    public var inputAxes: [Int]?
    /// Which axes are the outputs; if left out, the last, times the window.
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
            // The deviation of what is left of a standard normal between −2 and 2.
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
    /// Random numbers whose spread follows from a weight's shape.
    public static func varianceScaling(
        scale: Double = 1, mode: VarianceScaling.Mode = .fanIn,
        distribution: VarianceScaling.Distribution = .truncatedNormal, seed: Int? = nil
    ) -> VarianceScaling {
        VarianceScaling(scale: scale, mode: mode, distribution: distribution, seed: seed)
    }
}
