/// Categorical hinge loss: max(1 + best wrong prediction − prediction of the target class, 0).
///
/// Keras 3.15.1 `CategoricalHinge`. Targets are one-hot.
public struct CategoricalHinge: Loss {
    public static let className = "CategoricalHinge"
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
        let right = (targets * predictions).sum(axes: [-1])
        let wrong = ((1 - targets) * predictions).max(axes: [-1])
        return (wrong - right + 1).relu()
    }
}

extension Loss where Self == CategoricalHinge {
    /// Categorical hinge loss: max(1 + best wrong prediction − prediction of the target class, 0).
    public static var categoricalHinge: CategoricalHinge { CategoricalHinge() }
}
