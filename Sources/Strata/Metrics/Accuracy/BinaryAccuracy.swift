/// Fraction of binary predictions, split by a threshold, that equal their targets.
///
/// Keras 3.15.1 `BinaryAccuracy`.
public struct BinaryAccuracy: MeanMetric {
    public static let className = "BinaryAccuracy"
    public var name: String
    public var threshold: Float

    public init(name: String = Self.defaultName, threshold: Double = 0.5) {
        self.name = name
        self.threshold = Float(threshold)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
        threshold = try configuration.float("threshold", default: threshold)
    }

    public var config: [String: JSONValue] {
        baseConfig.merging(["threshold": JSONValue(threshold)]) { $1 }
    }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        let (targets, predictions) = SymbolicTensor.aligned(targets, predictions)
        return targets.equal(to: predictions.greater(than: threshold))
    }
}

extension Metric where Self == BinaryAccuracy {
    /// Fraction of binary predictions, split by a threshold, that equal their targets.
    public static func binaryAccuracy(threshold: Double = 0.5) -> BinaryAccuracy {
        BinaryAccuracy(threshold: threshold)
    }
}
