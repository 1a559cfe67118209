/// The mean of log(cosh(prediction − target)).
///
/// Keras 3.15.1 `LogCoshError`; see the loss ``LogCosh``.
public struct LogCoshError: LossMetric {
    public static let className = "LogCoshError"
    public var name: String
    public let loss = LogCosh()

    public init(name: String = "logcosh") {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        name = try configuration.name(default: "logcosh")
    }
}

extension Metric where Self == LogCoshError {
    /// The mean of log(cosh(prediction − target)).
    public static var logCoshError: LogCoshError { LogCoshError() }
}
