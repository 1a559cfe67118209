/// The mean Poisson loss.
///
/// Keras 3.15.1 `Poisson`; see the loss ``Poisson``.
public struct PoissonMetric: LossMetric {
    public static let className = "Poisson"
    public var name: String
    public let loss = Poisson()

    public init(name: String = Self.defaultName) {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
    }
}

extension Metric where Self == PoissonMetric {
    /// The mean Poisson loss.
    public static var poisson: PoissonMetric { PoissonMetric() }
}
