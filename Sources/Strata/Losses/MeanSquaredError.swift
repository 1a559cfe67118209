/// Mean squared error over the last axis: (target − prediction)².
///
/// Keras 3.15.1 `MeanSquaredError`.
public struct MeanSquaredError: Loss {
    public static let className = "MeanSquaredError"
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
        (targets - predictions).square().mean(axes: [-1])
    }
}

extension Loss where Self == MeanSquaredError {
    /// Mean squared error over the last axis: (target − prediction)².
    public static var meanSquaredError: MeanSquaredError { MeanSquaredError() }
}
