/// The mean of |target − prediction|.
///
/// Keras 3.15.1 `MeanAbsoluteError`; see the loss ``MeanAbsoluteError``.
public struct MeanAbsoluteErrorMetric: LossMetric {
    public static let className = "MeanAbsoluteError"
    public var name: String
    public let loss = MeanAbsoluteError()

    public init(name: String = "mean_absolute_error") {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        name = try configuration.name(default: "mean_absolute_error")
    }
}

extension Metric where Self == MeanAbsoluteErrorMetric {
    /// The mean of |target − prediction|.
    public static var meanAbsoluteError: MeanAbsoluteErrorMetric { MeanAbsoluteErrorMetric() }
}
