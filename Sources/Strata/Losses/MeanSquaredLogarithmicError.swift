/// Mean squared logarithmic error over the last axis: (log(1 + target) − log(1 + prediction))².
///
/// Keras 3.15.1 `MeanSquaredLogarithmicError`, with its lower bound of 1e-7.
public struct MeanSquaredLogarithmicError: Loss {
    public static let className = "MeanSquaredLogarithmicError"
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
        let difference =
            (predictions.maximum(1e-7) + 1).log() - (targets.maximum(1e-7) + 1).log()
        return difference.square().mean(axes: [-1])
    }
}

extension Loss where Self == MeanSquaredLogarithmicError {
    /// Mean squared logarithmic error over the last axis: (log(1 + target) − log(1 + prediction))².
    public static var meanSquaredLogarithmicError: MeanSquaredLogarithmicError {
        MeanSquaredLogarithmicError()
    }
}
