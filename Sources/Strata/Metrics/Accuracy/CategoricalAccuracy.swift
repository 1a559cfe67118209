/// Fraction of samples whose predicted class is the target class; targets are one-hot.
///
/// Keras 3.15.1 `CategoricalAccuracy`. Targets and predictions: `[batch, …, classes]`.
public struct CategoricalAccuracy: MeanMetric {
    public static let className = "CategoricalAccuracy"
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
        targets.argMax().cast(to: .float32).equal(to: predictions.argMax().cast(to: .float32))
    }
}

extension Metric where Self == CategoricalAccuracy {
    /// Fraction of samples whose predicted class is the target class; targets are one-hot.
    public static var categoricalAccuracy: CategoricalAccuracy { CategoricalAccuracy() }
}
