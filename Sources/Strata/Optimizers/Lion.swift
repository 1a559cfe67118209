/// Lion: steps of constant size along the sign of the averaged gradient.
///
/// Chen et al., 2023 (arXiv 2302.06675); Keras 3.15.1 `Lion`. The rate should be a third to a tenth
/// of Adam's.
public struct Lion: Optimizer {
    public static let className = "Lion"
    public var learningRate: LearningRate
    /// The weight of the momentum in a step, above 0 and at most 1.
    public var beta1: Float
    /// Exponential decay rate of the momentum, 0 … 1.
    public var beta2: Float
    public var options: OptimizerOptions

    public init(
        learningRate: any LearningRateConvertible = 0.001, beta1: Double = 0.9,
        beta2: Double = 0.99,
        options: OptimizerOptions = OptimizerOptions()
    ) {
        self.learningRate = learningRate.asLearningRate
        self.beta1 = Float(beta1)
        self.beta2 = Float(beta2)
        self.options = options
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        learningRate = try configuration.learningRate(default: learningRate)
        beta1 = try configuration.float("beta_1", default: beta1)
        beta2 = try configuration.float("beta_2", default: beta2)
        options = try OptimizerOptions(configuration: configuration)
        guard beta1 > 0, beta1 <= 1 else {
            throw configuration.failure("beta_1", "should be above 0 and up to 1, but is \(beta1)")
        }
    }

    public var ownConfig: [String: JSONValue] {
        ["beta_1": JSONValue(beta1), "beta_2": JSONValue(beta2)]
    }

    public func slots(name: String, shape: [Int]) -> [OptimizerSlot] {
        [OptimizerSlot("momentum")]
    }

    public func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        _ context: OptimizerContext
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        // Keras takes 1 − β of the rounded β here, unlike in Adam.
        let direction = (slots[0] * beta1 + gradient * (1 - beta1)).sign()
        let mean = slots[0] * beta2 + gradient * (1 - beta2)
        return (weight - direction * context.learningRate, [mean])
    }
}

extension Optimizer where Self == Lion {
    /// Lion: steps of constant size along the sign of the averaged gradient.
    public static var lion: Lion { Lion() }
}
