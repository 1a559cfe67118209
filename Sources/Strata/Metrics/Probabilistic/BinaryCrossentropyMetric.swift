/// The mean binary crossentropy.
///
/// Keras 3.15.1 `BinaryCrossentropy`; see the loss ``BinaryCrossentropy``.
public struct BinaryCrossentropyMetric: LossMetric {
    public static let className = "BinaryCrossentropy"
    public var name: String
    public var loss: BinaryCrossentropy

    public init(
        name: String = Self.defaultName, fromLogits: Bool = false, labelSmoothing: Double = 0
    ) {
        self.name = name
        loss = BinaryCrossentropy(fromLogits: fromLogits, labelSmoothing: labelSmoothing)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
        loss.fromLogits = try configuration.bool("from_logits", default: loss.fromLogits)
        loss.labelSmoothing = try configuration.float(
            "label_smoothing", default: loss.labelSmoothing)
    }

    public var config: [String: JSONValue] {
        baseConfig.merging([
            "from_logits": .bool(loss.fromLogits),
            "label_smoothing": JSONValue(loss.labelSmoothing),
        ]) { $1 }
    }
}

extension Metric where Self == BinaryCrossentropyMetric {
    /// The mean binary crossentropy.
    public static func binaryCrossentropy(fromLogits: Bool = false) -> BinaryCrossentropyMetric {
        BinaryCrossentropyMetric(fromLogits: fromLogits)
    }
}
