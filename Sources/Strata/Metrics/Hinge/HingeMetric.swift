/// The mean hinge loss.
///
/// Keras 3.15.1 `Hinge`; see the loss ``Hinge``.
public struct HingeMetric: LossMetric {
    public static let className = "Hinge"
    public var name: String
    public let loss = Hinge()

    public init(name: String = Self.defaultName) {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
    }
}

extension Metric where Self == HingeMetric {
    /// The mean hinge loss.
    public static var hinge: HingeMetric { HingeMetric() }
}
