/// Mean squared logarithmic error: (log(1 + target) − log(1 + prediction))².
///
/// Keras 3.15.1 `MeanSquaredLogarithmicError`; see the loss ``MeanSquaredLogarithmicError``.
public struct MeanSquaredLogarithmicErrorMetric: LossMetric {
    public static let className = "MeanSquaredLogarithmicError"
    public var name: String
    public let loss = MeanSquaredLogarithmicError()

    public init(name: String = Self.defaultName) {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
    }
}

extension Metric where Self == MeanSquaredLogarithmicErrorMetric {
    /// Mean squared logarithmic error: (log(1 + target) − log(1 + prediction))².
    public static var meanSquaredLogarithmicError: MeanSquaredLogarithmicErrorMetric {
        MeanSquaredLogarithmicErrorMetric()
    }
}
