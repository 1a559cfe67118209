/// Root mean squared error.
///
/// Keras 3.15.1 `RootMeanSquaredError`.
public struct RootMeanSquaredError: MeanMetric {
    public static let className = "RootMeanSquaredError"
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
        let (targets, predictions) = SymbolicTensor.aligned(targets, predictions)
        return (predictions - targets).square()
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        state[0].dividedOrZero(by: state[1]).sqrt()
    }
}

extension Metric where Self == RootMeanSquaredError {
    /// Root mean squared error.
    public static var rootMeanSquaredError: RootMeanSquaredError { RootMeanSquaredError() }
}
