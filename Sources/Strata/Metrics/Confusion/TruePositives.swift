/// How many positives were predicted as such.
///
/// Keras 3.15.1 `TruePositives`. The result has one count for each threshold, and is a scalar for one.
public struct TruePositives: Metric {
    public static let className = "TruePositives"
    /// Above which predictions are positive, 0 … 1; ½ if left out.
    public var thresholds: [Float]?
    public var name: String

    public init(thresholds: [Double]? = nil, name: String = "true_positives") {
        self.thresholds = thresholds?.map { Float($0) }
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        thresholds = try configuration.thresholds()?.map { Float($0) }
        name = try configuration.name(default: "true_positives")
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
        return [state[0] + batch.truePositives]
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor { counts.result(state[0]) }
}

extension Metric where Self == TruePositives {
    /// How many positives were predicted as such.
    public static func truePositives(thresholds: [Double]? = nil) -> TruePositives {
        TruePositives(thresholds: thresholds)
    }
}
