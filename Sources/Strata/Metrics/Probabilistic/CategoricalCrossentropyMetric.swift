/// The mean categorical crossentropy; targets are one-hot.
///
/// Keras 3.15.1 `CategoricalCrossentropy`; see the loss ``CategoricalCrossentropy``.
public struct CategoricalCrossentropyMetric: LossMetric {
    public static let className = "CategoricalCrossentropy"
    public var name: String
    public var loss: CategoricalCrossentropy

    public init(
        name: String = Self.defaultName, fromLogits: Bool = false,
        labelSmoothing: Double = 0, axis: Int = -1
    ) {
        self.name = name
        loss = CategoricalCrossentropy(
            fromLogits: fromLogits, labelSmoothing: labelSmoothing, axis: axis)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
        loss.fromLogits = try configuration.bool("from_logits", default: loss.fromLogits)
        loss.labelSmoothing = try configuration.float(
            "label_smoothing", default: loss.labelSmoothing)
        loss.axis = try configuration.int("axis", default: loss.axis)
    }

    public var config: [String: JSONValue] {
        baseConfig.merging([
            "from_logits": .bool(loss.fromLogits),
            "label_smoothing": JSONValue(loss.labelSmoothing), "axis": .integer(loss.axis),
        ]) { $1 }
    }
}

extension Metric where Self == CategoricalCrossentropyMetric {
    /// The mean categorical crossentropy; targets are one-hot.
    public static func categoricalCrossentropy(fromLogits: Bool = false)
        -> CategoricalCrossentropyMetric
    {
        CategoricalCrossentropyMetric(fromLogits: fromLogits)
    }
}
