/// Adamax: ``Adam`` with the infinity norm instead of the second moment.
///
/// Kingma and Ba, 2014 (arXiv 1412.6980), section 7; Keras 3.15.1 `Adamax`.
public struct Adamax: Optimizer, AdamArguments {
    public static let className = "Adamax"
    public var learningRate: LearningRate
    /// Exponential decay rate of the first moment, 0 … 1.
    public var beta1: Float
    /// Exponential decay rate of the infinity norm, 0 … 1.
    public var beta2: Float
    /// Small constant for numerical stability.
    public var epsilon: Float
    public var options: OptimizerOptions

    public init(
        learningRate: any LearningRateConvertible = 0.001, beta1: Double = 0.9,
        beta2: Double = 0.999, epsilon: Double = 1e-7,
        options: OptimizerOptions = OptimizerOptions()
    ) {
        self.learningRate = learningRate.asLearningRate
        self.beta1 = Float(beta1)
        self.beta2 = Float(beta2)
        self.epsilon = Float(epsilon)
        self.options = options
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        try read(configuration)
    }

    public var ownConfig: [String: JSONValue] { adamConfig }

    public func slots(name: String, shape: [Int]) -> [OptimizerSlot] {
        [OptimizerSlot("momentum"), OptimizerSlot("norm")]
    }

    public func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        _ context: OptimizerContext
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        let power = SymbolicTensor.constant(beta1).power(context.step)
        let m = slots[0] + (gradient - slots[0]) * beta1.complement
        let largest = (slots[1] * beta2).maximum(gradient.absolute())
        let step = context.learningRate * m / ((1 - power) * (largest + epsilon))
        return (weight - step, [m, largest])
    }
}

extension Optimizer where Self == Adamax {
    /// Adamax: Adam with the infinity norm instead of the second moment.
    public static var adamax: Adamax { Adamax() }
}
