/// The mean of the predictions; targets are not used.
///
/// Keras 3.15.1 `Mean`.
public struct Mean: MeanMetric {
    public static let className = "Mean"
    public var name: String

    public init(name: String = Self.defaultName) {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
    }

    public var config: [String: JSONValue] { baseConfig }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        predictions
    }
}
