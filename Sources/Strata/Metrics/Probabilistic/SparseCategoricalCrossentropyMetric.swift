/// The mean categorical crossentropy; targets are class indices.
///
/// Keras 3.15.1 `SparseCategoricalCrossentropy`; see the loss ``SparseCategoricalCrossentropy``.
public struct SparseCategoricalCrossentropyMetric: LossMetric {
    public static let className = "SparseCategoricalCrossentropy"
    public var name: String
    public var loss: SparseCategoricalCrossentropy

    public init(
        name: String = Self.defaultName, fromLogits: Bool = false,
        ignoreClass: Int? = nil, axis: Int = -1
    ) {
        self.name = name
        loss = SparseCategoricalCrossentropy(
            fromLogits: fromLogits, ignoreClass: ignoreClass, axis: axis)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
        loss.fromLogits = try configuration.bool("from_logits", default: loss.fromLogits)
        loss.ignoreClass = try configuration.optionalInt("ignore_class")
        loss.axis = try configuration.int("axis", default: loss.axis)
    }

    public var config: [String: JSONValue] {
        baseConfig.merging([
            "from_logits": .bool(loss.fromLogits), "ignore_class": JSONValue(loss.ignoreClass),
            "axis": .integer(loss.axis),
        ]) { $1 }
    }
}

extension Metric where Self == SparseCategoricalCrossentropyMetric {
    /// The mean categorical crossentropy; targets are class indices.
    public static func sparseCategoricalCrossentropy(
        fromLogits: Bool = false, ignoreClass: Int? = nil
    ) -> SparseCategoricalCrossentropyMetric {
        SparseCategoricalCrossentropyMetric(fromLogits: fromLogits, ignoreClass: ignoreClass)
    }
}
