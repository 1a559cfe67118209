/// Binary crossentropy: the mean of −log(probability of the target) over binary predictions.
///
/// ### Shapes
/// - Targets, 0 to 1, and predictions: `[batch, …, count]`
/// - Values: `[batch, …]`
///
/// ### Source
/// Keras 3.15.1 `BinaryCrossentropy`.
public struct BinaryCrossentropy: Loss, CrossentropyArguments {
    public static let className = "BinaryCrossentropy"
    /// Whether predictions are logits instead of probabilities.
    public var fromLogits: Bool
    /// Label smoothing towards ½, 0 … 1.
    public var labelSmoothing: Float
    /// The axis over which the mean is taken.
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
        let targets = targets.drawnToHalf(labelSmoothing)
        return targets.binaryCrossentropy(predictions, fromLogits: fromLogits).mean(axes: [axis])
    }
}

extension SymbolicTensor {
    /// Binary targets with label smoothing towards ½.
    func drawnToHalf(_ share: Float) -> SymbolicTensor {
        share == 0 ? self : self * share.complement + 0.5 * share
    }

    /// −t · log(p) − (1 − t) · log(1 − p) for targets t, elementwise.
    func binaryCrossentropy(_ predictions: SymbolicTensor, fromLogits: Bool) -> SymbolicTensor {
        let targets = matching(
            predictions,
            fix: "give one target for each prediction, or change the last layer's units")
        if fromLogits {
            return
                -(targets * predictions.logSigmoid()
                + (1 - targets) * (-predictions).logSigmoid())
        }
        let p = predictions.clipped(1e-7, 1 - 1e-7)
        return -(targets * p.log() + (1 - targets) * (1 - p).log())
    }
}

extension Loss where Self == BinaryCrossentropy {
    /// Binary crossentropy: the mean of −log(probability of the target) over binary predictions.
    public static var binaryCrossentropy: BinaryCrossentropy { BinaryCrossentropy() }

    /// Binary crossentropy: the mean of −log(probability of the target) over binary predictions.
    public static func binaryCrossentropy(
        fromLogits: Bool = false, labelSmoothing: Double = 0, axis: Int = -1
    ) -> BinaryCrossentropy {
        BinaryCrossentropy(fromLogits: fromLogits, labelSmoothing: labelSmoothing, axis: axis)
    }
}
