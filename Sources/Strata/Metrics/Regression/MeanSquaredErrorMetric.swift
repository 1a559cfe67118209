/// Mean squared error: (target − prediction)².
///
/// Keras 3.15.1 `MeanSquaredError`; see the loss ``MeanSquaredError``.
public struct MeanSquaredErrorMetric: LossMetric {
    public static let className = "MeanSquaredError"
    public var name: String
    public let loss = MeanSquaredError()

    public init(name: String = Self.defaultName) {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
    }
}

extension Metric where Self == MeanSquaredErrorMetric {
    /// Mean squared error: (target − prediction)².
    public static var meanSquaredError: MeanSquaredErrorMetric { MeanSquaredErrorMetric() }
}
