/// Top-k accuracy for one-hot targets: fraction of targets among the `k` largest predictions.
///
/// Keras 3.15.1 `TopKCategoricalAccuracy`. Targets and predictions: `[batch, …, classes]`.
public struct TopKCategoricalAccuracy: MeanMetric {
    public static let className = "TopKCategoricalAccuracy"
    public var k: Int
    public var name: String

    public init(k: Int = 5, name: String = Self.defaultName) {
        self.k = k
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        k = try configuration.int("k", default: k)
        name = try configuration.name(default: name)
    }

    public var config: [String: JSONValue] { baseConfig.merging(["k": .integer(k)]) { $1 } }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        predictions.topKMatches(k, classes: targets.argMax())
    }
}

extension SymbolicTensor {
    /// 1 if a class, `[batch, …]`, is among the `k` largest of `[batch, …, classes]`, otherwise 0.
    func topKMatches(_ k: Int, classes: SymbolicTensor) -> SymbolicTensor {
        guard error == nil, rank > 0 else { return self }
        let rows = rank == 2 ? self : reshaped([-1, shape[-1]])
        let matches = rows.inTopK(k, classes: classes.rank == 1 ? classes : classes.reshaped([-1]))
        return classes.rank == 1 ? matches : matches.reshaped(classes.shape)
    }
}

extension Metric where Self == TopKCategoricalAccuracy {
    /// Top-k accuracy for one-hot targets: fraction of targets among the `k` largest predictions.
    public static func topKCategoricalAccuracy(k: Int = 5) -> TopKCategoricalAccuracy {
        TopKCategoricalAccuracy(k: k)
    }
}
