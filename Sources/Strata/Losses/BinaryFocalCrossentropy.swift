/// Binary focal crossentropy: gives well-classified targets a smaller weight.
///
/// −(1 − p)^`gamma` · log(p), where p is the probability of the target. Lin et al., 2017 (arXiv
/// 1708.02002); Keras 3.15.1 `BinaryFocalCrossentropy`. Shapes as for ``BinaryCrossentropy``.
public struct BinaryFocalCrossentropy: Loss, FocalArguments {
    public static let className = "BinaryFocalCrossentropy"
    /// Whether targets of 1 have the weight `alpha` and targets of 0 the weight 1 − `alpha`.
    public var applyClassBalancing: Bool
    public var alpha: Float
    /// Focusing parameter: the discount of well-classified targets; 0 for plain crossentropy.
    public var gamma: Float
    /// Whether predictions are logits instead of probabilities.
    public var fromLogits: Bool
    /// Label smoothing towards ½, 0 … 1.
    public var labelSmoothing: Float
    /// The axis over which the mean is taken.
    public var axis: Int
    public var reduction: LossReduction
    public var name: String

    public init(
        applyClassBalancing: Bool = false, alpha: Double = 0.25, gamma: Double = 2,
        fromLogits: Bool = false, labelSmoothing: Double = 0, axis: Int = -1,
        reduction: LossReduction = .sumOverBatchSize, name: String = Self.defaultName
    ) {
        self.applyClassBalancing = applyClassBalancing
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
        applyClassBalancing = try configuration.bool(
            "apply_class_balancing", default: applyClassBalancing)
    }

    public var config: [String: JSONValue] {
        focalConfig.merging(["apply_class_balancing": .bool(applyClassBalancing)]) { $1 }
    }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        let targets = targets.drawnToHalf(labelSmoothing)
        let p = fromLogits ? predictions.sigmoid() : predictions
        let right = targets * p + (1 - targets) * (1 - p)
        var values =
            (1 - right).power(gamma) * targets.binaryCrossentropy(p, fromLogits: false)
        if applyClassBalancing {
            values = (targets * alpha + (1 - targets) * alpha.complement) * values
        }
        return values.mean(axes: [axis])
    }
}

extension Loss where Self == BinaryFocalCrossentropy {
    /// Binary focal crossentropy: gives well-classified targets a smaller weight.
    public static func binaryFocalCrossentropy(
        alpha: Double = 0.25, gamma: Double = 2, fromLogits: Bool = false
    ) -> BinaryFocalCrossentropy {
        BinaryFocalCrossentropy(alpha: alpha, gamma: gamma, fromLogits: fromLogits)
    }
}
