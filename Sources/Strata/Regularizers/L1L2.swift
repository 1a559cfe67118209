/// L1 and L2 penalties: `l1` · Σ|w| + `l2` · Σw².
///
/// Keras 3.15.1 `L1L2`.
public struct L1L2: Regularizer {
    public static let className = "L1L2"
    /// The factor of the absolute values; 0 or more.
    public var l1: Float
    /// The factor of the squares; 0 or more.
    public var l2: Float

    public init(l1: Double = 0, l2: Double = 0) {
        self.l1 = Float(l1)
        self.l2 = Float(l2)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        l1 = try configuration.strength("l1", default: l1)
        l2 = try configuration.strength("l2", default: l2)
    }

    public var config: [String: JSONValue] { ["l1": JSONValue(l1), "l2": JSONValue(l2)] }

    public func penalty(_ weight: SymbolicTensor) -> SymbolicTensor {
        var penalty = SymbolicTensor.constant(0)
        if l1 != 0 { penalty = penalty + weight.absolute().sum() * l1 }
        if l2 != 0 { penalty = penalty + weight.square().sum() * l2 }
        return penalty
    }
}

extension Regularizer where Self == L1L2 {
    /// L1 and L2 penalties: `l1` · Σ|w| + `l2` · Σw².
    public static func l1l2(l1: Double = 0, l2: Double = 0) -> L1L2 { L1L2(l1: l1, l2: l2) }
}
