/// Nadam: ``Adam`` with Nesterov momentum.
///
/// Dozat, 2016; Keras 3.15.1 `Nadam`.
public struct Nadam: Optimizer, AdamArguments {
    public static let className = "Nadam"
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

    /// The product of the momenta of all steps; unnamed in Keras.
    public var sharedSlots: [(name: String, value: Float)] { [("variable", 1)] }

    public func updatedShared(_ values: [SymbolicTensor], step: SymbolicTensor)
        -> [SymbolicTensor]
    {
        values.map { $0 * momentum(step) }
    }

    /// The momentum of a step, which rises to ``beta1``; 0.96 is Dozat's.
    private func momentum(_ step: SymbolicTensor) -> SymbolicTensor {
        (1 - SymbolicTensor.constant(0.96).power(step) * 0.5) * beta1
    }

    public func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        _ context: OptimizerContext
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        let (now, next) = (momentum(context.step), momentum(context.step + 1))
        let product = context.shared[0]
        let power = SymbolicTensor.constant(beta2).power(context.step)
        // Keras takes 1 − β of the rounded β here, unlike in Adam.
        let m = slots[0] + (gradient - slots[0]) * (1 - beta1)
        let v = slots[1] + (gradient.square() - slots[1]) * (1 - beta2)
        let ahead =
            m * (next / (1 - product * next)) + gradient * ((1 - now) / (1 - product))
        let spread = v / (1 - power)
        let step = ahead * context.learningRate / (spread.sqrt() + epsilon)
        return (weight - step, [m, v])
    }
}

extension Optimizer where Self == Nadam {
    /// Nadam: Adam with Nesterov momentum.
    public static var nadam: Nadam { Nadam() }
}
