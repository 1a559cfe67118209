/// The mean of Σ target · log(target / prediction).
///
/// Keras 3.15.1 `KLDivergence`; see the loss ``KLDivergence``.
public struct KLDivergenceMetric: LossMetric {
    public static let className = "KLDivergence"
    public var name: String
    public let loss = KLDivergence()

    public init(name: String = "kl_divergence") {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        name = try configuration.name(default: "kl_divergence")
    }
}

extension Metric where Self == KLDivergenceMetric {
    /// The mean of Σ target · log(target / prediction).
    public static var klDivergence: KLDivergenceMetric { KLDivergenceMetric() }
}
