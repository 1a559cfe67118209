/// Log-cosh loss: the mean of log(cosh(prediction − target)) over the last axis.
///
/// Keras 3.15.1 `LogCosh`.
public struct LogCosh: Loss {
    public static let className = "LogCosh"
    public var name: String
    public var reduction: LossReduction

    public init(
        reduction: LossReduction = .sumOverBatchSize, name: String = Self.defaultName
    ) {
        self.reduction = reduction
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        reduction = try configuration.reduction()
        name = try configuration.name(default: name)
    }

    public var config: [String: JSONValue] { baseConfig }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        let error = predictions - targets
        // log(2), from (eˣ + e⁻ˣ) / 2.
        return (error + (error * -2).softplus() - 0.693_147_18).mean(axes: [-1])
    }
}

extension Loss where Self == LogCosh {
    /// Log-cosh loss: the mean of log(cosh(prediction − target)) over the last axis.
    public static var logCosh: LogCosh { LogCosh() }
}
