/// L1 penalty `l1` · Σ|w|, which drives weights to exactly 0.
///
/// Keras 3.15.1 `L1`.
public struct L1: Regularizer {
    public static let className = "L1"
    /// The factor; 0 or more.
    public var l1: Float

    public init(_ l1: Double = 0.01) {
        self.l1 = Float(l1)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        l1 = try configuration.strength("l1", default: l1)
    }

    /// Keras keeps this factor as a tensor and writes the stored value.
    public var config: [String: JSONValue] { ["l1": .number(Double(l1))] }

    public func penalty(_ weight: SymbolicTensor) -> SymbolicTensor {
        weight.absolute().sum() * l1
    }
}

extension Regularizer where Self == L1 {
    /// L1 penalty `l1` · Σ|w|, which drives weights to exactly 0.
    public static func l1(_ l1: Double = 0.01) -> L1 { L1(l1) }
}
