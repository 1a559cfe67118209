/// The mean Kullback–Leibler divergence.
///
/// Keras 3.15.1 `KLDivergence`; see the loss ``KLDivergence``.
public struct KLDivergenceMetric: LossMetric {
    public static let className = "KLDivergence"
    public var name: String
    public let loss = KLDivergence()

    public init(name: String = Self.defaultName) {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
    }
}

extension Metric where Self == KLDivergenceMetric {
    /// The mean Kullback–Leibler divergence.
    public static var klDivergence: KLDivergenceMetric { KLDivergenceMetric() }
}
