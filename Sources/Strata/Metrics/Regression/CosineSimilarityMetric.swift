/// The mean cosine similarity of target and prediction.
///
/// Keras 3.15.1 `CosineSimilarity`: 1 for the same direction, unlike the loss ``CosineSimilarity``.
public struct CosineSimilarityMetric: MeanMetric {
    public static let className = "CosineSimilarity"
    public var name: String
    /// The axis of the vectors.
    public var axis: Int

    public init(name: String = Self.defaultName, axis: Int = -1) {
        self.name = name
        self.axis = axis
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
        axis = try configuration.int("axis", default: axis)
    }

    /// Keras omits the axis; it is written here if it is not the last, so that it is not lost.
    public var config: [String: JSONValue] {
        axis == -1 ? baseConfig : baseConfig.merging(["axis": .integer(axis)]) { $1 }
    }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        let (targets, predictions) = SymbolicTensor.aligned(targets, predictions)
        return targets.cosine(with: predictions, axis: axis)
    }
}

extension Metric where Self == CosineSimilarityMetric {
    /// The mean cosine similarity of target and prediction.
    public static func cosineSimilarity(axis: Int = -1) -> CosineSimilarityMetric {
        CosineSimilarityMetric(axis: axis)
    }
}
