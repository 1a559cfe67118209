/// How many negatives were predicted as positives.
///
/// Keras 3.15.1 `FalsePositives`. The result has one count for each threshold, and is a scalar for one.
public struct FalsePositives: Metric {
    public static let className = "FalsePositives"
    /// Above which predictions are positive, 0 … 1; ½ if left out.
    public var thresholds: [Float]?
    public var name: String

    public init(thresholds: [Double]? = nil, name: String = "false_positives") {
        self.thresholds = thresholds?.map { Float($0) }
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        thresholds = try configuration.thresholds()?.map { Float($0) }
        name = try configuration.name(default: "false_positives")
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
        return [state[0] + batch.falsePositives]
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor { counts.result(state[0]) }
}

extension Metric where Self == FalsePositives {
    /// How many negatives were predicted as positives.
    public static func falsePositives(thresholds: [Double]? = nil) -> FalsePositives {
        FalsePositives(thresholds: thresholds)
    }
}
