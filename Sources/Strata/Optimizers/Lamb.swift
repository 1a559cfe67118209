/// LAMB: ``Adam`` with a step relative to the norm of each weight, for large batches.
///
/// You et al., 2019 (arXiv 1904.00962); Keras 3.15.1 `Lamb`.
public struct Lamb: Optimizer, AdamArguments {
    public static let className = "Lamb"
    public var learningRate: LearningRate
    /// Exponential decay rate of the first moment, 0 … 1.
    public var beta1: Float
    /// Exponential decay rate of the second moment, 0 … 1.
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
        [OptimizerSlot("momentum"), OptimizerSlot("velocity")]
    }

    public func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        _ context: OptimizerContext
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        let power1 = SymbolicTensor.constant(beta1).power(context.step)
        let power2 = SymbolicTensor.constant(beta2).power(context.step)
        let m = slots[0] + (gradient - slots[0]) * beta1.complement
        let v = slots[1] + (gradient.square() - slots[1]) * beta2.complement
        let step = (m / (1 - power1)) / ((v / (1 - power2)).sqrt() + epsilon)
        let (length, stride) = (weight.square().sum().sqrt(), step.square().sum().sqrt())
        let isUsable = length.greater(than: 0) * stride.greater(than: 0)
        let ratio = isUsable.select(length / stride, .constant(1))
        return (weight - step * (ratio * context.learningRate), [m, v])
    }
}

extension Optimizer where Self == Lamb {
    /// LAMB: Adam with a step relative to the norm of each weight.
    public static var lamb: Lamb { Lamb() }
}
