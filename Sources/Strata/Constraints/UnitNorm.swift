/// Scales vectors to norm 1.
///
/// Keras 3.15.1 `UnitNorm`.
public struct UnitNorm: Constraint {
    public static let className = "UnitNorm"
    /// The axes of a vector.
    public var axes: [Int]

    public init(axes: [Int] = [0]) {
        self.axes = axes
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        axes = try configuration.ints("axis", default: axes)
    }

    public var config: [String: JSONValue] { ["axis": JSONValue(axes: axes)] }

    public func constrained(_ weight: SymbolicTensor) -> SymbolicTensor {
        weight.scaled(from: weight.norms(axes: axes), to: .constant(1))
    }
}

extension Constraint where Self == UnitNorm {
    /// Scales vectors to norm 1.
    public static func unitNorm(axes: [Int] = [0]) -> UnitNorm { UnitNorm(axes: axes) }
}
