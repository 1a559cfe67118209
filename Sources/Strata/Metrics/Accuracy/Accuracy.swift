/// Fraction of predictions that equal their targets.
///
/// Keras 3.15.1 `Accuracy`; Keras's string `"accuracy"` is ``AccuracyOfShapes``.
public struct Accuracy: MeanMetric {
    public static let className = "Accuracy"
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
        let (targets, predictions) = SymbolicTensor.aligned(targets, predictions)
        return targets.equal(to: predictions)
    }
}
