/// Sets negative elements to 0.
///
/// Keras 3.15.1 `NonNeg`.
public struct NonNeg: Constraint {
    public static let className = "NonNeg"

    public init() {}

    public init(configuration: Configuration) throws(ConfigurationError) {}

    public var config: [String: JSONValue] { [:] }

    public func constrained(_ weight: SymbolicTensor) -> SymbolicTensor { weight.maximum(0) }
}

extension Constraint where Self == NonNeg {
    /// Sets negative elements to 0.
    public static var nonNeg: NonNeg { NonNeg() }
}
