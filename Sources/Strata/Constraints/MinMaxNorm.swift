/// Scales vectors towards norms between two bounds.
///
/// Keras 3.15.1 `MinMaxNorm`.
public struct MinMaxNorm: Constraint {
    public static let className = "MinMaxNorm"
    public var minValue: Float
    public var maxValue: Float
    /// How strictly the bounds are enforced in one step; 1 for exactly.
    public var rate: Float
    /// The axes of a vector.
    public var axes: [Int]

    public init(minValue: Double = 0, maxValue: Double = 1, rate: Double = 1, axes: [Int] = [0]) {
        self.minValue = Float(minValue)
        self.maxValue = Float(maxValue)
        self.rate = Float(rate)
        self.axes = axes
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        minValue = try configuration.float("min_value", default: minValue)
        maxValue = try configuration.float("max_value", default: maxValue)
        rate = try configuration.float("rate", default: rate)
        axes = try configuration.ints("axis", default: axes)
    }

    public var config: [String: JSONValue] {
        [
            "min_value": JSONValue(minValue), "max_value": JSONValue(maxValue),
            "rate": JSONValue(rate), "axis": JSONValue(axes: axes),
        ]
    }

    public func constrained(_ weight: SymbolicTensor) -> SymbolicTensor {
        let norms = weight.norms(axes: axes)
        let wanted = norms.clipped(minValue, maxValue) * rate + norms * rate.complement
        return weight.scaled(from: norms, to: wanted)
    }
}

extension Constraint where Self == MinMaxNorm {
    /// Scales vectors towards norms between two bounds.
    public static func minMaxNorm(
        minValue: Double = 0, maxValue: Double = 1, rate: Double = 1, axes: [Int] = [0]
    ) -> MinMaxNorm {
        MinMaxNorm(minValue: minValue, maxValue: maxValue, rate: rate, axes: axes)
    }
}
