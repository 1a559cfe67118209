/// F1 score: the harmonic mean of precision and recall.
///
/// Keras 3.15.1 `F1Score`: an ``FBetaScore`` with `beta` 1.
public struct F1Score: Metric {
    public static let className = "F1Score"
    private var score: FBetaScore

    /// - Parameters:
    ///   - average: how the scores of the classes are averaged; one score for each class if left
    ///     out.
    ///   - threshold: predictions above it are positive; if left out, the largest of each row is.
    ///   - name: in logs.
    public init(
        average: FBetaScore.Average? = nil, threshold: Double? = nil,
        name: String = Self.defaultName
    ) {
        score = FBetaScore(average: average, threshold: threshold, name: name)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            average: try configuration.optionalChoice("average"),
            threshold: try configuration.optionalDouble("threshold"),
            name: try configuration.name(default: Self.defaultName))
    }

    public var name: String {
        get { score.name }
        set { score.name = newValue }
    }

    public var config: [String: JSONValue] { score.config.filter { $0.key != "beta" } }

    public func initialState(targets: Shape, predictions: Shape) -> [Tensor] {
        score.initialState(targets: targets, predictions: predictions)
    }

    public func updatedState(
        _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor?
    ) -> [SymbolicTensor] {
        score.updatedState(
            state, targets: targets, predictions: predictions, sampleWeight: sampleWeight)
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor { score.result(state) }
}

extension Metric where Self == F1Score {
    /// F1 score: the harmonic mean of precision and recall.
    public static func f1Score(average: FBetaScore.Average? = nil) -> F1Score {
        F1Score(average: average)
    }
}
