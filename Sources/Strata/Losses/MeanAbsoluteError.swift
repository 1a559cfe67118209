/// Mean absolute error over the last axis: |target − prediction|.
///
/// Keras 3.15.1 `MeanAbsoluteError`.
public struct MeanAbsoluteError: Loss {
    public static let className = "MeanAbsoluteError"
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
        (targets - predictions).absolute().mean(axes: [-1])
    }
}

extension Loss where Self == MeanAbsoluteError {
    /// Mean absolute error over the last axis: |target − prediction|.
    public static var meanAbsoluteError: MeanAbsoluteError { MeanAbsoluteError() }
}
