/// Adadelta: scales gradients by the ratio of recent updates to recent gradients.
///
/// Zeiler, 2012 (arXiv 1212.5701), where the learning rate is 1; Keras 3.15.1 `Adadelta`.
public struct Adadelta: Optimizer {
    public static let className = "Adadelta"
    public var learningRate: LearningRate
    /// Exponential decay rate of the mean square, 0 … 1.
    public var rho: Float
    /// Small constant for numerical stability.
    public var epsilon: Float
    public var options: OptimizerOptions

    public init(
        learningRate: any LearningRateConvertible = 0.001, rho: Double = 0.95,
        epsilon: Double = 1e-7,
        options: OptimizerOptions = OptimizerOptions()
    ) {
        self.learningRate = learningRate.asLearningRate
        self.rho = Float(rho)
        self.epsilon = Float(epsilon)
        self.options = options
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        learningRate = try configuration.learningRate(default: learningRate)
        rho = try configuration.float("rho", default: rho)
        epsilon = try configuration.float("epsilon", default: epsilon)
        options = try OptimizerOptions(configuration: configuration)
    }

    public var ownConfig: [String: JSONValue] {
        ["rho": JSONValue(rho), "epsilon": JSONValue(epsilon)]
    }

    public func slots(name: String, shape: [Int]) -> [OptimizerSlot] {
        [OptimizerSlot("accumulated_grad"), OptimizerSlot("accumulated_delta_var")]
    }

    public func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        _ context: OptimizerContext
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        let squares = slots[0] * rho + gradient.square() * rho.complement
        let delta =
            -((slots[1] + epsilon).sqrt() * gradient / (squares + epsilon).sqrt())
        let deltas = slots[1] * rho + delta.square() * rho.complement
        return (weight + context.learningRate * delta, [squares, deltas])
    }
}

extension Optimizer where Self == Adadelta {
    /// Adadelta: scales gradients by the ratio of recent updates to recent gradients.
    public static var adadelta: Adadelta { Adadelta() }
}
