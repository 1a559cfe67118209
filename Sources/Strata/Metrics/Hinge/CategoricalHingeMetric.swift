/// The mean categorical hinge loss.
///
/// Keras 3.15.1 `CategoricalHinge`; see the loss ``CategoricalHinge``.
public struct CategoricalHingeMetric: LossMetric {
    public static let className = "CategoricalHinge"
    public var name: String
    public let loss = CategoricalHinge()

    public init(name: String = Self.defaultName) {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
    }
}

extension Metric where Self == CategoricalHingeMetric {
    /// The mean categorical hinge loss.
    public static var categoricalHinge: CategoricalHingeMetric { CategoricalHingeMetric() }
}
