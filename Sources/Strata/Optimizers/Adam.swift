/// Adam: the first moment of the gradients divided by the root of their second moment.
///
/// Kingma and Ba, 2014 (arXiv 1412.6980); with `amsgrad` Reddi et al., 2018.
///
/// Keras 3.15.1 `Adam`.
public struct Adam: Optimizer, AdamArguments {
    public static let className = "Adam"
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
        learningRate: any LearningRateConvertible = 0.001, beta1: Double = 0.9,
        beta2: Double = 0.999, epsilon: Double = 1e-7, amsgrad: Bool = false,
        options: OptimizerOptions = OptimizerOptions()
    ) {
        self.learningRate = learningRate.asLearningRate
        self.beta1 = Float(beta1)
        self.beta2 = Float(beta2)
        self.epsilon = Float(epsilon)
        self.amsgrad = amsgrad
        self.options = options
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

extension Optimizer where Self == Adam {
    /// Adam: the first moment of the gradients divided by the root of their second moment.
    public static var adam: Adam { Adam() }
}
