/// The mean of (log(1 + target) − log(1 + prediction))².
///
/// Keras 3.15.1 `MeanSquaredLogarithmicError`; see the loss ``MeanSquaredLogarithmicError``.
public struct MeanSquaredLogarithmicErrorMetric: LossMetric {
    public static let className = "MeanSquaredLogarithmicError"
    public var name: String
    public let loss = MeanSquaredLogarithmicError()

    public init(name: String = "mean_squared_logarithmic_error") {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        name = try configuration.name(default: "mean_squared_logarithmic_error")
    }
}

extension Metric where Self == MeanSquaredLogarithmicErrorMetric {
    /// The mean of (log(1 + target) − log(1 + prediction))².
    public static var meanSquaredLogarithmicError: MeanSquaredLogarithmicErrorMetric {
        MeanSquaredLogarithmicErrorMetric()
    }
}
