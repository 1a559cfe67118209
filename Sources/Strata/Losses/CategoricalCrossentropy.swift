/// Categorical crossentropy: −Σ target · log(prediction), for one-hot targets or distributions.
///
/// ### Shapes
/// - Targets and predictions: `[batch, …, classes]`
/// - Values: `[batch, …]`
///
/// ### Source
/// Keras 3.15.1 `CategoricalCrossentropy`.
public struct CategoricalCrossentropy: Loss, CrossentropyArguments {
    public static let className = "CategoricalCrossentropy"
    /// Whether predictions are logits instead of probabilities.
    public var fromLogits: Bool
    /// Label smoothing: the fraction of each target that is spread evenly over all classes, 0 … 1.
    public var labelSmoothing: Float
    /// The axis of the classes.
    public var axis: Int
    public var reduction: LossReduction
    public var name: String

    public init(
        fromLogits: Bool = false, labelSmoothing: Double = 0, axis: Int = -1,
        reduction: LossReduction = .sumOverBatchSize, name: String = Self.defaultName
    ) {
        self.fromLogits = fromLogits
        self.labelSmoothing = Float(labelSmoothing)
        self.axis = axis
        self.reduction = reduction
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        try read(configuration)
    }

    public var config: [String: JSONValue] { crossentropyConfig }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        let targets = targets.matching(
            predictions,
            fix: "use sparse categorical crossentropy for class indices, or make targets one-hot")
        let logarithms = predictions.logProbabilities(fromLogits: fromLogits, axis: axis)
        return -(targets.smoothed(labelSmoothing) * logarithms).sum(axes: [axis])
    }
}

extension SymbolicTensor {
    /// Distributions with label smoothing over the last axis.
    func smoothed(_ share: Float) -> SymbolicTensor {
        guard share != 0, let classes = shape[-1] else { return self }
        return self * share.complement + share / Float(classes)
    }

    /// log p along an axis, from logits or from probabilities.
    ///
    /// Probabilities are normalized to a sum of 1 and clipped to 1e-7 … 1 − 1e-7, as in Keras.
    func logProbabilities(fromLogits: Bool, axis: Int) -> SymbolicTensor {
        if fromLogits { return logSoftmax(axis: axis) }
        return clippedProbabilities(axis: axis).log()
    }

    /// Probabilities along an axis, normalized to a sum of 1 and clipped away from 0 and 1.
    func clippedProbabilities(axis: Int) -> SymbolicTensor {
        (self / sum(axes: [axis], keepDimensions: true)).clipped(1e-7, 1 - 1e-7)
    }
}

extension Loss where Self == CategoricalCrossentropy {
    /// Categorical crossentropy: −Σ target · log(prediction), for one-hot targets or distributions.
    public static var categoricalCrossentropy: CategoricalCrossentropy {
        CategoricalCrossentropy()
    }

    /// Categorical crossentropy: −Σ target · log(prediction), for one-hot targets or distributions.
    public static func categoricalCrossentropy(
        fromLogits: Bool = false, labelSmoothing: Double = 0, axis: Int = -1
    ) -> CategoricalCrossentropy {
        CategoricalCrossentropy(
            fromLogits: fromLogits, labelSmoothing: labelSmoothing, axis: axis)
    }
}
