/// R² score: the fraction of the targets' variance that the predictions explain; 1 for all of it.
///
/// Targets and predictions: `[batch, columns]`.
///
/// Keras 3.15.1 `R2Score`.
public struct R2Score: Metric {
    /// How the scores of the columns are averaged.
    public enum Aggregation: String, Sendable, Hashable, CaseIterable {
        case uniformAverage = "uniform_average"
        /// Weighted by the variance of each column.
        case varianceWeightedAverage = "variance_weighted_average"
    }

    public static let className = "R2Score"
    /// One score for each column if left out.
    public var classAggregation: Aggregation?
    /// The number of regressors, for the adjusted score; 0 for the plain one.
    public var numRegressors: Int
    public var name: String

    public init(
        classAggregation: Aggregation? = .uniformAverage, numRegressors: Int = 0,
        name: String = Self.defaultName
    ) {
        self.classAggregation = classAggregation
        self.numRegressors = numRegressors
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        classAggregation =
            configuration.members["class_aggregation"] == nil
            ? .uniformAverage : try configuration.optionalChoice("class_aggregation")
        numRegressors = try configuration.int("num_regressors", default: numRegressors)
        name = try configuration.name(default: name)
        guard numRegressors >= 0 else {
            throw configuration.failure("num_regressors", "should be 0 or more")
        }
    }

    public var config: [String: JSONValue] {
        baseConfig.merging([
            "class_aggregation": classAggregation.map { .string($0.rawValue) } ?? .null,
            "num_regressors": .integer(numRegressors),
        ]) { $1 }
    }

    /// The number of targets; for each column the sums of squares, of targets, of squared errors,
    /// and of weights.
    public func initialState(targets: Shape, predictions: Shape) -> [Tensor] {
        let columns = predictions.rank > 1 ? predictions[-1] ?? 1 : 1
        return [Tensor(0)] + Array(repeating: Tensor(repeating: 0, shape: [columns]), count: 4)
    }

    public func updatedState(
        _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor?
    ) -> [SymbolicTensor] {
        var (y, p) = SymbolicTensor.aligned(
            targets.cast(to: .float32), predictions.cast(to: .float32))
        if y.rank == 1, p.rank == 1 { (y, p) = (y.withLastAxis(), p.withLastAxis()) }
        guard p.error == nil, y.error == nil, p.rank == 2 else {
            let error =
                p.error ?? y.error
                ?? GraphError(.wrongRank(got: p.shape, expected: "[batch, columns]"))
            return state.map { _ in SymbolicTensor(failure: error) }
        }
        let weight = (sampleWeight?.cast(to: .float32) ?? .constant(1)).padded(toRankOf: y)
            .broadcast(to: y.shape)
        let batch = [
            (y * y * weight).sum(axes: [0]), (y * weight).sum(axes: [0]),
            ((y - p).square() * weight).sum(axes: [0]), weight.sum(axes: [0]),
        ]
        return [state[0] + Float(y.shape.elementCount ?? 0)]
            + zip(state.dropFirst(), batch).map { $0 + $1 }
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        let (squares, sum, errors, count) = (state[1], state[2], state[3], state[4])
        let variance = squares - sum * (sum / count)
        let raw = 1 - errors / variance
        // Constant columns have a score of 0, as in Keras.
        let isInfinite = raw.absolute().greater(than: .greatestFiniteMagnitude)
        let scores = isInfinite.select(.constant(0), raw)
        let score: SymbolicTensor =
            switch classAggregation {
            case nil: scores
            case .uniformAverage: scores.mean()
            case .varianceWeightedAverage: (variance * scores).sum() / variance.sum()
            }
        guard numRegressors > 0 else { return score }
        let freedom = state[0] - Float(numRegressors + 1)
        let hasFreedom = freedom.greater(than: 0)
        let adjusted =
            1 - (1 - score) * (state[0] - 1) / hasFreedom.select(freedom, .constant(1))
        return hasFreedom.select(adjusted, score)
    }
}

extension Metric where Self == R2Score {
    /// R² score: the fraction of the targets' variance that the predictions explain.
    public static var r2Score: R2Score { R2Score() }
}
