/// A ``Dice`` in which missed and wrongly found areas have weights of their own.
///
/// 1 − overlap / (overlap + `alpha` · missed + `beta` · wrongly found). Salehi et al., 2017 (arXiv
/// 1706.05721); Keras 3.15.1 `Tversky`.
public struct Tversky: Loss {
    public static let className = "Tversky"
    /// The weight of what was missed.
    public var alpha: Float
    /// The weight of what was wrongly found.
    public var beta: Float
    /// Over which axes areas are measured; over all, the batch included, if left out.
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
    /// A ``Dice`` in which missed and wrongly found areas have weights of their own.
    public static func tversky(alpha: Double = 0.5, beta: Double = 0.5, axes: [Int]? = nil)
        -> Tversky
    {
        Tversky(alpha: alpha, beta: beta, axes: axes)
    }
}
