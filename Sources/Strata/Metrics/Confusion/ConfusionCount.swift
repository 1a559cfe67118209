/// The outcome of a binary prediction: true or false, positive or negative.
public enum ConfusionOutcome: Sendable, Hashable, CaseIterable {
    case truePositives
    case falsePositives
    case trueNegatives
    case falseNegatives
}

/// A metric that counts the predictions with one outcome, as a sum of sample weights.
///
/// Keras 3.15.1 `_ConfusionMatrixConditionCount`. One count for each threshold, a scalar for one.
public protocol ConfusionCount: Metric {
    /// The counted outcome.
    static var outcome: ConfusionOutcome { get }
    /// Predictions above a threshold are positive, 0 … 1; ½ if left out.
    var thresholds: [Float]? { get set }

    init(thresholds: [Double]?, name: String)
}

extension ConfusionCount {
    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            thresholds: try configuration.thresholds(),
            name: try configuration.name(default: Self.defaultName))
    }

    private var counts: ThresholdCounts { ThresholdCounts(given: thresholds) }

    public var config: [String: JSONValue] {
        baseConfig.merging(["thresholds": counts.json]) { $1 }
    }

    public func initialState(targets: Shape, predictions: Shape) -> [Tensor] { [counts.zeros] }

    public func updatedState(
        _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor?
    ) -> [SymbolicTensor] {
        let batch = ConfusionCounts(
            targets: targets, predictions: predictions, weight: sampleWeight,
            thresholds: .values(counts.values))
        return [state[0] + batch[Self.outcome]]
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor { counts.result(state[0]) }
}
