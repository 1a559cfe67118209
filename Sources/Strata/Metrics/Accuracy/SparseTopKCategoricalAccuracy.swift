/// Top-k accuracy for class indices: fraction of targets among the `k` largest predictions.
///
/// Keras 3.15.1 `SparseTopKCategoricalAccuracy`. Targets: `[batch, …]`, or with an axis of 1 at the
/// end; predictions: `[batch, …, classes]`.
public struct SparseTopKCategoricalAccuracy: MeanMetric {
    public static let className = "SparseTopKCategoricalAccuracy"
    public var k: Int
    public var name: String
    /// Whether predictions are class indices already, in descending order of probability.
    public var fromSortedIDs: Bool

    public init(
        k: Int = 5, name: String = Self.defaultName,
        fromSortedIDs: Bool = false
    ) {
        self.k = k
        self.name = name
        self.fromSortedIDs = fromSortedIDs
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        k = try configuration.int("k", default: k)
        name = try configuration.name(default: name)
        fromSortedIDs = try configuration.bool("from_sorted_ids", default: fromSortedIDs)
    }

    public var config: [String: JSONValue] {
        var config = baseConfig
        config["k"] = .integer(k)
        if fromSortedIDs { config["from_sorted_ids"] = true }
        return config
    }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        guard fromSortedIDs, let count = predictions.shape.known?.last else {
            return predictions.topKMatches(k, classes: targets)
        }
        let rows = predictions.reshaped([-1, count])
        guard let rowCount = rows.shape[0] else { return rows }
        let first = rows.sliced(from: [0, 0], sizes: [rowCount, min(k, count)])
        return targets.reshaped([-1, 1]).equal(to: first).max(axes: [1]).reshaped(targets.shape)
    }
}

extension Metric where Self == SparseTopKCategoricalAccuracy {
    /// Fraction of samples whose target class is among the `k` largest predictions.
    public static func sparseTopKCategoricalAccuracy(k: Int = 5) -> SparseTopKCategoricalAccuracy {
        SparseTopKCategoricalAccuracy(k: k)
    }
}
