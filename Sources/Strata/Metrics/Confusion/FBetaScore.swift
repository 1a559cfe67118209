/// F-beta score: harmonic mean of precision and recall; recall has `beta` times the weight.
///
/// Targets are one-hot or multi-hot, `[batch, classes]`. The result has one score for each class,
/// or is a scalar with an average.
///
/// Keras 3.15.1 `FBetaScore`.
public struct FBetaScore: Metric {
    /// How the scores of the classes are averaged.
    public enum Average: String, Sendable, Hashable, CaseIterable {
        /// Over all samples and classes together.
        case micro
        /// The mean over classes.
        case macro
        /// The mean over classes, weighted by their number of positives.
        case weighted
    }

    public static let className = "FBetaScore"
    public static let defaultName = "fbeta_score"
    /// One score for each class if left out.
    public var average: Average?
    /// Above 0.
    public var beta: Float
    /// Predictions above it are positive, 0 … 1; if left out, the largest of each row is.
    public var threshold: Float?
    public var name: String

    public init(
        average: Average? = nil, beta: Double = 1, threshold: Double? = nil,
        name: String = Self.defaultName
    ) {
        self.average = average
        self.beta = Float(beta)
        self.threshold = threshold.map { Float($0) }
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        average = try configuration.optionalChoice("average")
        beta = try configuration.float("beta", default: beta)
        threshold = try configuration.optionalFloat("threshold")
        name = try configuration.name(default: name)
        guard beta > 0 else {
            throw configuration.failure("beta", "should be above 0, but is \(beta)")
        }
    }

    public var config: [String: JSONValue] {
        baseConfig.merging([
            "average": average.map { .string($0.rawValue) } ?? .null, "beta": JSONValue(beta),
            "threshold": JSONValue(threshold),
        ]) { $1 }
    }

    /// True positives, false positives, false negatives and positives.
    public func initialState(targets: Shape, predictions: Shape) -> [Tensor] {
        let classes = (predictions.rank > 0 ? predictions[-1] : nil) ?? 1
        let shape = average == .micro ? [] : [classes]
        return Array(repeating: Tensor(repeating: 0, shape: shape), count: 4)
    }

    public func updatedState(
        _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor?
    ) -> [SymbolicTensor] {
        let isTrue = targets.cast(to: .float32)
        let values = predictions.cast(to: .float32)
        guard values.error == nil else { return state.map { _ in values } }
        guard values.rank == 2, isTrue.rank == 2 else {
            let error = GraphError(.wrongRank(got: values.shape, expected: "[batch, classes]"))
            return state.map { _ in SymbolicTensor(failure: error) }
        }
        let isPositive: SymbolicTensor
        if let threshold {
            isPositive = values.greater(than: threshold)
        } else {
            let largest = values.max(axes: [-1], keepDimensions: true)
            // Keras's bound: a row of zeros has no positives.
            isPositive =
                values.greaterOrEqual(to: largest) * values.absolute().greater(than: 1e-9)
        }
        let weight = sampleWeight?.cast(to: .float32).reshaped([-1, 1])
        let counts = [
            isPositive * isTrue, isPositive * (1 - isTrue), (1 - isPositive) * isTrue, isTrue,
        ]
        return zip(state, counts).map { old, count in
            let weighted = weight.map { count * $0 } ?? count
            return old + (average == .micro ? weighted.sum() : weighted.sum(axes: [0]))
        }
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        // Keras's epsilon, so that 0 over 0 is 0.
        let precision = state[0] / (state[0] + state[1] + 1e-7)
        let recall = state[0] / (state[0] + state[2] + 1e-7)
        let square = beta * beta
        let scores =
            precision * recall / (precision * square + recall + 1e-7) * (1 + square)
        switch average {
        case nil: return scores
        case .micro, .macro: return scores.mean()
        case .weighted: return (scores * (state[3] / (state[3].sum() + 1e-7))).sum()
        }
    }
}

extension Configuration {
    /// One of the names that a type lists, or none.
    func optionalChoice<T: RawRepresentable & CaseIterable>(_ key: String)
        throws(ConfigurationError) -> T? where T.RawValue == String
    {
        guard value(key) != nil, let first = T.allCases.first else { return nil }
        return try choice(key, default: first)
    }
}
