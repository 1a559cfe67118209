/// Squared hinge loss: the mean of max(1 − target · prediction, 0)² over the last axis.
///
/// Keras 3.15.1 `SquaredHinge`. Targets are −1 and 1; 0 and 1 are converted.
public struct SquaredHinge: Loss {
    public static let className = "SquaredHinge"
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
        (1 - targets.asSigns() * predictions).relu().square().mean(axes: [-1])
    }
}

extension Loss where Self == SquaredHinge {
    /// Squared hinge loss: the mean of max(1 − target · prediction, 0)² over the last axis.
    public static var squaredHinge: SquaredHinge { SquaredHinge() }
}
