/// Which part of what was predicted as positive is so.
///
/// Keras 3.15.1 `Precision`. The result has one number for each threshold, and is a scalar for one.
public struct Precision: Metric {
    public static let className = "Precision"
    /// Above which predictions are positive, 0 … 1; if left out ½, or with `topK` any number.
    public var thresholds: [Float]?
    /// Only the largest predictions of each row are positive.
    public var topK: Int?
    /// Only this class counts.
    public var classID: Int?
    public var name: String

    public init(
        thresholds: [Double]? = nil, topK: Int? = nil, classID: Int? = nil,
        name: String = "precision"
    ) {
        self.thresholds = thresholds?.map { Float($0) }
        self.topK = topK
        self.classID = classID
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            thresholds: try configuration.thresholds(),
            topK: try configuration.optionalInt("top_k"),
            classID: try configuration.optionalInt("class_id"),
            name: try configuration.name(default: "precision"))
    }

    private var counts: ThresholdCounts {
        ThresholdCounts(given: thresholds, fallback: topK == nil ? 0.5 : -1e10)
    }

    public var config: [String: JSONValue] {
        baseConfig.merging([
            "thresholds": counts.json, "top_k": JSONValue(topK), "class_id": JSONValue(classID),
        ]) { $1 }
    }

    /// True positives and false positives.
    public func initialState(targets: Shape, predictions: Shape) -> [Tensor] {
        [counts.zeros, counts.zeros]
    }

    public func updatedState(
        _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor?
    ) -> [SymbolicTensor] {
        let batch = ConfusionCounts(
            targets: targets, predictions: predictions, weight: sampleWeight,
            thresholds: .values(counts.values),
            ConfusionCounts.Selection(topK: topK, classID: classID))
        return [state[0] + batch.truePositives, state[1] + batch.falsePositives]
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        counts.result(state[0].dividedOrZero(by: state[0] + state[1]))
    }
}

extension Metric where Self == Precision {
    /// Which part of what was predicted as positive is so.
    public static func precision(
        thresholds: [Double]? = nil, topK: Int? = nil, classID: Int? = nil
    ) -> Precision {
        Precision(thresholds: thresholds, topK: topK, classID: classID)
    }
}
