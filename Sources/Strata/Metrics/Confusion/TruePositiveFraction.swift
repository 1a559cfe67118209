/// The fraction of true positives among them and one kind of mistakes: precision and recall.
///
/// One fraction for each threshold, a scalar for one.
public protocol TruePositiveFraction: Metric {
    /// The mistakes in the denominator.
    static var mistakes: ConfusionOutcome { get }
    /// Predictions above a threshold are positive, 0 … 1; ½ if left out, none with `topK`.
    var thresholds: [Float]? { get set }
    /// Only the `topK` largest predictions of each row are positive.
    var topK: Int? { get set }
    /// The only class that is evaluated; all classes if left out.
    var classID: Int? { get set }

    init(thresholds: [Double]?, topK: Int?, classID: Int?, name: String)
}

extension TruePositiveFraction {
    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            thresholds: try configuration.thresholds(),
            topK: try configuration.optionalInt("top_k"),
            classID: try configuration.optionalInt("class_id"),
            name: try configuration.name(default: Self.defaultName))
    }

    private var counts: ThresholdCounts {
        ThresholdCounts(given: thresholds, fallback: topK == nil ? 0.5 : -1e10)
    }

    public var config: [String: JSONValue] {
        baseConfig.merging([
            "thresholds": counts.json, "top_k": JSONValue(topK), "class_id": JSONValue(classID),
        ]) { $1 }
    }

    /// True positives and mistakes.
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
        return [state[0] + batch.truePositives, state[1] + batch[Self.mistakes]]
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        counts.result(state[0].dividedOrZero(by: state[0] + state[1]))
    }
}
