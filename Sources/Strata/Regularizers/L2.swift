/// L2 penalty `l2` · Σw², which drives weights towards 0.
///
/// Keras 3.15.1 `L2`.
public struct L2: Regularizer {
    public static let className = "L2"
    /// The factor; 0 or more.
    public var l2: Float

    public init(_ l2: Double = 0.01) {
        self.l2 = Float(l2)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        l2 = try configuration.strength("l2", default: l2)
    }

    public var config: [String: JSONValue] { ["l2": JSONValue(l2)] }

    public func penalty(_ weight: SymbolicTensor) -> SymbolicTensor {
        weight.square().sum() * l2
    }
}

extension Regularizer where Self == L2 {
    /// L2 penalty `l2` · Σw², which drives weights towards 0.
    public static func l2(_ l2: Double = 0.01) -> L2 { L2(l2) }
}
