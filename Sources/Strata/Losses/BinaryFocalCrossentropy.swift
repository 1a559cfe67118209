/// A binary crossentropy that counts well predicted targets less.
///
/// −(1 − p)^`gamma` · log(p), where p is the probability of the target. Lin et al., 2017 (arXiv
/// 1708.02002); Keras 3.15.1 `BinaryFocalCrossentropy`. Shapes as for ``BinaryCrossentropy``.
public struct BinaryFocalCrossentropy: Loss {
    public static let className = "BinaryFocalCrossentropy"
    /// Whether targets of 1 count `alpha` and those of 0 count 1 − `alpha`.
    public var applyClassBalancing: Bool
    public var alpha: Float
    /// How fast well predicted targets fade; 0 is the plain crossentropy.
    public var gamma: Float
    /// Whether predictions are numbers before the sigmoid, not probabilities.
    public var fromLogits: Bool
    /// How far targets are drawn towards ½, 0 … 1.
    public var labelSmoothing: Float
    /// The axis over which the mean is taken.
    public var axis: Int
    public var reduction: LossReduction
    public var name: String

    public init(
        applyClassBalancing: Bool = false, alpha: Double = 0.25, gamma: Double = 2,
        fromLogits: Bool = false, labelSmoothing: Double = 0, axis: Int = -1,
        reduction: LossReduction = .sumOverBatchSize, name: String = "binary_focal_crossentropy"
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
        self.init(
            applyClassBalancing: try configuration.bool("apply_class_balancing", default: false),
            alpha: try configuration.double("alpha", default: 0.25),
            gamma: try configuration.double("gamma", default: 2),
            fromLogits: try configuration.bool("from_logits", default: false),
            labelSmoothing: try configuration.double("label_smoothing", default: 0),
            axis: try configuration.int("axis", default: -1),
            reduction: try configuration.reduction(),
            name: try configuration.name(default: "binary_focal_crossentropy"))
    }

    public var config: [String: JSONValue] {
        baseConfig.merging([
            "from_logits": .bool(fromLogits), "label_smoothing": JSONValue(labelSmoothing),
            "axis": .integer(axis), "apply_class_balancing": .bool(applyClassBalancing),
            "alpha": JSONValue(alpha), "gamma": JSONValue(gamma),
        ]) { $1 }
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
    /// A binary crossentropy that counts well predicted targets less.
    public static func binaryFocalCrossentropy(
        alpha: Double = 0.25, gamma: Double = 2, fromLogits: Bool = false
    ) -> BinaryFocalCrossentropy {
        BinaryFocalCrossentropy(alpha: alpha, gamma: gamma, fromLogits: fromLogits)
    }
}
