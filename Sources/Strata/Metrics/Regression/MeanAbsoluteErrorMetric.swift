/// Mean absolute error: |target − prediction|.
///
/// Keras 3.15.1 `MeanAbsoluteError`; see the loss ``MeanAbsoluteError``.
public struct MeanAbsoluteErrorMetric: LossMetric {
    public static let className = "MeanAbsoluteError"
    public var name: String
    public let loss = MeanAbsoluteError()

    public init(name: String = Self.defaultName) {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
    }
}

extension Metric where Self == MeanAbsoluteErrorMetric {
    /// Mean absolute error: |target − prediction|.
    public static var meanAbsoluteError: MeanAbsoluteErrorMetric { MeanAbsoluteErrorMetric() }
}
