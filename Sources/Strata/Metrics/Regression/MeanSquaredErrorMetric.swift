/// The mean of (target − prediction)².
///
/// Keras 3.15.1 `MeanSquaredError`; see the loss ``MeanSquaredError``.
public struct MeanSquaredErrorMetric: LossMetric {
    public static let className = "MeanSquaredError"
    public var name: String
    public let loss = MeanSquaredError()

    public init(name: String = "mean_squared_error") {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        name = try configuration.name(default: "mean_squared_error")
    }
}

extension Metric where Self == MeanSquaredErrorMetric {
    /// The mean of (target − prediction)².
    public static var meanSquaredError: MeanSquaredErrorMetric { MeanSquaredErrorMetric() }
}
