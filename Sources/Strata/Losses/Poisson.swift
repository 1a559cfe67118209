/// Poisson loss: the mean of prediction − target · log(prediction) over the last axis.
///
/// Keras 3.15.1 `Poisson`: the negative log-likelihood without its constant term.
public struct Poisson: Loss {
    public static let className = "Poisson"
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
        (predictions - targets * (predictions + 1e-7).log()).mean(axes: [-1])
    }
}

extension Loss where Self == Poisson {
    /// Poisson loss: the mean of prediction − target · log(prediction) over the last axis.
    public static var poisson: Poisson { Poisson() }
}
