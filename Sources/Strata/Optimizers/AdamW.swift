/// ``Adam`` with decoupled weight decay.
///
/// Loshchilov and Hutter, 2017 (arXiv 1711.05101); Keras 3.15.1 `AdamW`.
public struct AdamW: Optimizer, AdamArguments {
    public static let className = "AdamW"
    public var learningRate: LearningRate
    /// Exponential decay rate of the first moment, 0 … 1.
    public var beta1: Float
    /// Exponential decay rate of the second moment, 0 … 1.
    public var beta2: Float
    /// Small constant for numerical stability.
    public var epsilon: Float
    /// Whether the maximum of all second moments so far is used (AMSGrad).
    public var amsgrad: Bool
    public var options: OptimizerOptions

    public init(
        learningRate: any LearningRateConvertible = 0.001, weightDecay: Double = 0.004,
        beta1: Double = 0.9,
        beta2: Double = 0.999, epsilon: Double = 1e-7, amsgrad: Bool = false,
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
        self.init()
        try read(configuration)
        amsgrad = try configuration.bool("amsgrad", default: amsgrad)
    }

    public var ownConfig: [String: JSONValue] {
        adamConfig.merging(["amsgrad": .bool(amsgrad)]) { $1 }
    }

    public func slots(name: String, shape: [Int]) -> [OptimizerSlot] {
        AdamRule.slots(amsgrad: amsgrad)
    }

    public func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        _ context: OptimizerContext
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        adamRule.updated(weight, gradient: gradient, slots: slots, context)
    }
}

extension Optimizer where Self == AdamW {
    /// Adam with decoupled weight decay.
    public static var adamw: AdamW { AdamW() }
}
