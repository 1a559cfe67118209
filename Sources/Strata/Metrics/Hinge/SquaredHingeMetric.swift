/// The mean squared hinge loss.
///
/// Keras 3.15.1 `SquaredHinge`; see the loss ``SquaredHinge``.
public struct SquaredHingeMetric: LossMetric {
    public static let className = "SquaredHinge"
    public var name: String
    public let loss = SquaredHinge()

    public init(name: String = Self.defaultName) {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
    }
}

extension Metric where Self == SquaredHingeMetric {
    /// The mean squared hinge loss.
    public static var squaredHinge: SquaredHingeMetric { SquaredHingeMetric() }
}
