/// Mean absolute percentage error over the last axis: 100 · |target − prediction| / |target|.
///
/// Keras 3.15.1 `MeanAbsolutePercentageError`, with its lower bound of 1e-7 for |target|.
public struct MeanAbsolutePercentageError: Loss {
    public static let className = "MeanAbsolutePercentageError"
    public var name: String
    public var reduction: LossReduction

    public init(
        reduction: LossReduction = .sumOverBatchSize,
        name: String = Self.defaultName
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
        let scale = targets.absolute().maximum(1e-7)
        return ((targets - predictions) / scale).absolute().mean(axes: [-1]) * 100
    }
}

extension Loss where Self == MeanAbsolutePercentageError {
    /// Mean absolute percentage error over the last axis: 100 · |target − prediction| / |target|.
    public static var meanAbsolutePercentageError: MeanAbsolutePercentageError {
        MeanAbsolutePercentageError()
    }
}
