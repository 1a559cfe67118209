/// An ``Adam`` that takes away a part of each weight in each step.
///
/// Loshchilov and Hutter, 2017 (arXiv 1711.05101); Keras 3.15.1 `AdamW`.
public struct AdamW: Optimizer {
    public static let className = "AdamW"
    public var learningRate: LearningRate
    /// How slowly the mean of the gradients forgets, 0 … 1.
    public var beta1: Float
    /// How slowly the mean of their squares forgets, 0 … 1.
    public var beta2: Float
    /// Keeps the divisor away from 0.
    public var epsilon: Float
    /// Whether the largest mean square so far takes the place of the latest.
    public var amsgrad: Bool
    public var options: OptimizerOptions

    public init(
        learningRate: any LearningRateConvertible = 0.001, weightDecay: Double = 0.004,
        beta1: Double = 0.9,
        beta2: Double = 0.999,
        epsilon: Double = 1e-7, amsgrad: Bool = false,
        options: OptimizerOptions = OptimizerOptions()
    ) {
        self.learningRate = learningRate.asLearningRate
        self.beta1 = Float(beta1)
        self.beta2 = Float(beta2)
        self.epsilon = Float(epsilon)
        self.amsgrad = amsgrad
        self.options = options
        self.options.weightDecay = Float(weightDecay)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            learningRate: try configuration.learningRate(default: 0.001),
            weightDecay: try configuration.double("weight_decay", default: 0.004),
            beta1: try configuration.double("beta_1", default: 0.9),
            beta2: try configuration.double("beta_2", default: 0.999),
            epsilon: try configuration.double("epsilon", default: 1e-7),
            amsgrad: try configuration.bool("amsgrad", default: false),
            options: try OptimizerOptions(configuration: configuration))
    }

    public var ownConfig: [String: JSONValue] {
        [
            "beta_1": JSONValue(beta1), "beta_2": JSONValue(beta2),
            "epsilon": JSONValue(epsilon), "amsgrad": .bool(amsgrad),
        ]
    }

    public func slots(name: String, shape: [Int]) -> [OptimizerSlot] {
        AdamRule.slots(amsgrad: amsgrad)
    }

    public func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        _ context: OptimizerContext
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        AdamRule(beta1: beta1, beta2: beta2, epsilon: epsilon)
            .updated(weight, gradient: gradient, slots: slots, context)
    }
}

extension Optimizer where Self == AdamW {
    /// An Adam that takes away a part of each weight in each step.
    public static var adamw: AdamW { AdamW() }
}
