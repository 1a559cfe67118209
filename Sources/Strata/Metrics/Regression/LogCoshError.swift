/// The mean log-cosh error.
///
/// Keras 3.15.1 `LogCoshError`; see the loss ``LogCosh``.
public struct LogCoshError: LossMetric {
    public static let className = "LogCoshError"
    public static let defaultName = "logcosh"
    public var name: String
    public let loss = LogCosh()

    public init(name: String = Self.defaultName) {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
    }
}

extension Metric where Self == LogCoshError {
    /// The mean log-cosh error.
    public static var logCoshError: LogCoshError { LogCoshError() }
}
