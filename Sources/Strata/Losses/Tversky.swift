/// Tversky loss: a ``Dice`` loss with separate weights for false negatives and false positives.
///
/// 1 − overlap / (overlap + `alpha` · false negatives + `beta` · false positives). Salehi et al.,
/// 2017 (arXiv 1706.05721); Keras 3.15.1 `Tversky`.
public struct Tversky: Loss {
    public static let className = "Tversky"
    /// The weight of false negatives.
    public var alpha: Float
    /// The weight of false positives.
    public var beta: Float
    /// The axes to sum over; all, the batch included, if left out.
    public var axes: [Int]?
    public var reduction: LossReduction
    public var name: String

    public init(
        alpha: Double = 0.5, beta: Double = 0.5, axes: [Int]? = nil,
        reduction: LossReduction = .sumOverBatchSize, name: String = Self.defaultName
    ) {
        self.alpha = Float(alpha)
        self.beta = Float(beta)
        self.axes = axes
        self.reduction = reduction
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        alpha = try configuration.float("alpha", default: alpha)
        beta = try configuration.float("beta", default: beta)
        axes = try configuration.optionalInts("axis")
        reduction = try configuration.reduction()
        name = try configuration.name(default: name)
    }

    public var config: [String: JSONValue] {
        baseConfig.merging([
            "alpha": JSONValue(alpha), "beta": JSONValue(beta),
            "axis": axes.map { JSONValue(axes: $0) } ?? .null,
        ]) { $1 }
    }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        let overlap = (targets * predictions).sum(axes: axes)
        let missed = ((1 - predictions) * targets).sum(axes: axes)
        let wrong = (predictions * (1 - targets)).sum(axes: axes)
        return 1 - overlap / (overlap + missed * alpha + wrong * beta + 1e-7)
    }
}

extension Loss where Self == Tversky {
    /// Tversky loss: a ``Dice`` loss with separate weights for false negatives and false positives.
    public static func tversky(alpha: Double = 0.5, beta: Double = 0.5, axes: [Int]? = nil)
        -> Tversky
    {
        Tversky(alpha: alpha, beta: beta, axes: axes)
    }
}
