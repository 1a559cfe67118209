/// Scales vectors whose norm exceeds `maxValue` down to it.
///
/// Srivastava et al., 2014; Keras 3.15.1 `MaxNorm`.
public struct MaxNorm: Constraint {
    public static let className = "MaxNorm"
    /// The largest norm; 0 or more.
    public var maxValue: Float
    /// The axes of a vector: `[0]` for the inputs of a dense unit, `[0, 1, 2]` for the kernel of
    /// one filter of Conv2D.
    public var axes: [Int]

    public init(maxValue: Double = 2, axes: [Int] = [0]) {
        self.maxValue = Float(maxValue)
        self.axes = axes
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        maxValue = try configuration.float("max_value", default: maxValue)
        axes = try configuration.ints("axis", default: axes)
    }

    public var config: [String: JSONValue] {
        ["max_value": JSONValue(maxValue), "axis": JSONValue(axes: axes)]
    }

    public func constrained(_ weight: SymbolicTensor) -> SymbolicTensor {
        let norms = weight.norms(axes: axes)
        return weight.scaled(from: norms, to: norms.clipped(0, maxValue))
    }
}

extension Constraint where Self == MaxNorm {
    /// Scales vectors whose norm exceeds `maxValue` down to it.
    public static func maxNorm(_ maxValue: Double = 2, axes: [Int] = [0]) -> MaxNorm {
        MaxNorm(maxValue: maxValue, axes: axes)
    }
}
