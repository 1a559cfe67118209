/// Kullback–Leibler divergence: Σ target · log(target / prediction) over the last axis.
///
/// Kullback and Leibler, 1951; Keras 3.15.1 `KLDivergence`. Both are distributions.
public struct KLDivergence: Loss {
    public static let className = "KLDivergence"
    public var name: String
    public var reduction: LossReduction

    public init(
        reduction: LossReduction = .sumOverBatchSize, name: String = Self.defaultName
    ) {
        self.reduction = reduction
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        reduction = try configuration.reduction()
        name = try configuration.name(default: name)
    }

    public var config: [String: JSONValue] { baseConfig }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        let (p, q) = (targets.clipped(1e-7, 1), predictions.clipped(1e-7, 1))
        return (p * (p / q).log()).sum(axes: [-1])
    }
}

extension Loss where Self == KLDivergence {
    /// Kullback–Leibler divergence: Σ target · log(target / prediction) over the last axis.
    public static var klDivergence: KLDivergence { KLDivergence() }
}
