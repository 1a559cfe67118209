/// Categorical focal crossentropy: gives well-classified targets a smaller weight.
///
/// −Σ `alpha` · (1 − p)^`gamma` · target · log(p) over the classes. Lin et al., 2017 (arXiv
/// 1708.02002); Keras 3.15.1 `CategoricalFocalCrossentropy`. Shapes as for
/// ``CategoricalCrossentropy``.
public struct CategoricalFocalCrossentropy: Loss, FocalArguments {
    public static let className = "CategoricalFocalCrossentropy"
    /// A factor of the loss.
    public var alpha: Float
    /// Focusing parameter: the discount of well-classified targets; 0 for plain crossentropy.
    public var gamma: Float
    /// Whether predictions are logits instead of probabilities.
    public var fromLogits: Bool
    /// Label smoothing: the fraction of each target that is spread evenly over all classes, 0 … 1.
    public var labelSmoothing: Float
    /// The axis of the classes.
    public var axis: Int
    public var reduction: LossReduction
    public var name: String

    public init(
        alpha: Double = 0.25, gamma: Double = 2, fromLogits: Bool = false,
        labelSmoothing: Double = 0, axis: Int = -1,
        reduction: LossReduction = .sumOverBatchSize,
        name: String = Self.defaultName
    ) {
        self.alpha = Float(alpha)
        self.gamma = Float(gamma)
        self.fromLogits = fromLogits
        self.labelSmoothing = Float(labelSmoothing)
        self.axis = axis
        self.reduction = reduction
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        try readFocal(configuration)
    }

    public var config: [String: JSONValue] { focalConfig }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        let targets = targets.matching(predictions, fix: "make targets one-hot")
        let probabilities = fromLogits ? predictions.softmax(axis: axis) : predictions
        let p = probabilities.clippedProbabilities(axis: axis)
        let weights = (1 - p).power(gamma) * alpha
        return -(weights * targets.smoothed(labelSmoothing) * p.log()).sum(axes: [axis])
    }
}

extension Loss where Self == CategoricalFocalCrossentropy {
    /// Categorical focal crossentropy: gives well-classified targets a smaller weight.
    public static func categoricalFocalCrossentropy(
        alpha: Double = 0.25, gamma: Double = 2, fromLogits: Bool = false
    ) -> CategoricalFocalCrossentropy {
        CategoricalFocalCrossentropy(alpha: alpha, gamma: gamma, fromLogits: fromLogits)
    }
}
