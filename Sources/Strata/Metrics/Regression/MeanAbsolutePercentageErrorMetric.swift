/// Mean absolute percentage error: 100 · |target − prediction| / |target|.
///
/// Keras 3.15.1 `MeanAbsolutePercentageError`; see the loss ``MeanAbsolutePercentageError``.
public struct MeanAbsolutePercentageErrorMetric: LossMetric {
    public static let className = "MeanAbsolutePercentageError"
    public var name: String
    public let loss = MeanAbsolutePercentageError()

    public init(name: String = Self.defaultName) {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
    }
}

extension Metric where Self == MeanAbsolutePercentageErrorMetric {
    /// Mean absolute percentage error: 100 · |target − prediction| / |target|.
    public static var meanAbsolutePercentageError: MeanAbsolutePercentageErrorMetric {
        MeanAbsolutePercentageErrorMetric()
    }
}
