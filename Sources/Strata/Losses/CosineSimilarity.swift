/// Negative cosine similarity of target and prediction: −1 for the same direction.
///
/// Keras 3.15.1 `CosineSimilarity`.
public struct CosineSimilarity: Loss {
    public static let className = "CosineSimilarity"
    /// The axis of the vectors.
    public var axis: Int
    public var reduction: LossReduction
    public var name: String

    public init(
        axis: Int = -1, reduction: LossReduction = .sumOverBatchSize,
        name: String = Self.defaultName
    ) {
        self.axis = axis
        self.reduction = reduction
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        axis = try configuration.int("axis", default: axis)
        reduction = try configuration.reduction()
        name = try configuration.name(default: name)
    }

    /// Keras omits the axis; it is written here if it is not the last, so that it is not lost.
    public var config: [String: JSONValue] {
        axis == -1 ? baseConfig : baseConfig.merging(["axis": .integer(axis)]) { $1 }
    }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        -targets.cosine(with: predictions, axis: axis)
    }
}

extension SymbolicTensor {
    /// The cosine of the angle between vectors along an axis.
    func cosine(with other: SymbolicTensor, axis: Int) -> SymbolicTensor {
        (unitVectors(axes: [axis]) * other.unitVectors(axes: [axis])).sum(axes: [axis])
    }
}

extension Loss where Self == CosineSimilarity {
    /// Negative cosine similarity of target and prediction.
    public static func cosineSimilarity(axis: Int = -1) -> CosineSimilarity {
        CosineSimilarity(axis: axis)
    }
}
