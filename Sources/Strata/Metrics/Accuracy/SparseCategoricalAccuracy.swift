/// Fraction of samples whose predicted class is the target class; targets are class indices.
///
/// Keras 3.15.1 `SparseCategoricalAccuracy`. Targets: `[batch, …]`, or with an axis of 1 at the
/// end; predictions: `[batch, …, classes]`.
public struct SparseCategoricalAccuracy: MeanMetric {
    public static let className = "SparseCategoricalAccuracy"
    public var name: String

    public init(name: String = Self.defaultName) {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
    }

    public var config: [String: JSONValue] { baseConfig }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        let hasColumn = targets.rank == predictions.rank && targets.shape[-1] == 1
        let classes = hasColumn ? targets.withoutLastAxis() : targets
        let matches = classes.equal(to: predictions.argMax().cast(to: .float32))
        return matches.rank > 1 && matches.shape[-1] == 1 ? matches.withoutLastAxis() : matches
    }
}

extension Metric where Self == SparseCategoricalAccuracy {
    /// Fraction of samples whose predicted class is the target class.
    public static var sparseCategoricalAccuracy: SparseCategoricalAccuracy {
        SparseCategoricalAccuracy()
    }
}
