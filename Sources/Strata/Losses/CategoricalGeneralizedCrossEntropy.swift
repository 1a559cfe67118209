/// Generalized crossentropy for noisy labels: (1 − p^`q`) / `q`, p the target's probability.
///
/// Between the crossentropy (`q` near 0) and the mean absolute error (`q` near 1). Zhang and
/// Sabuncu, 2018 (arXiv 1805.07836); Keras 3.15.1 `CategoricalGeneralizedCrossEntropy`. Targets are
/// class indices `[batch]`, predictions probabilities `[batch, classes]`.
public struct CategoricalGeneralizedCrossEntropy: Loss {
    public static let className = "CategoricalGeneralizedCrossEntropy"
    /// Above 0 and below 1.
    public var q: Float
    public var reduction: LossReduction
    public var name: String

    public init(
        q: Double = 0.5, reduction: LossReduction = .sumOverBatchSize,
        name: String = Self.defaultName
    ) {
        self.q = Float(q)
        self.reduction = reduction
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        q = try configuration.float("q", default: q)
        reduction = try configuration.reduction()
        name = try configuration.name(default: name)
        guard q > 0, q < 1 else {
            throw configuration.failure("q", "should be above 0 and below 1, but is \(q)")
        }
    }

    public var config: [String: JSONValue] { baseConfig.merging(["q": JSONValue(q)]) { $1 } }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        guard predictions.error == nil else { return predictions }
        guard predictions.rank > 0, let classes = predictions.shape[-1] else {
            return SymbolicTensor(
                failure: GraphError(.unknownDimension(predictions.shape, needed: "the classes")))
        }
        let p = (predictions * targets.oneHot(classes)).sum(axes: [-1])
        return (1 - p.power(q)) / q
    }
}

extension Loss where Self == CategoricalGeneralizedCrossEntropy {
    /// Generalized crossentropy for noisy labels: (1 − p^`q`) / `q`, p the target's probability.
    public static func categoricalGeneralizedCrossEntropy(q: Double = 0.5)
        -> CategoricalGeneralizedCrossEntropy
    {
        CategoricalGeneralizedCrossEntropy(q: q)
    }
}
