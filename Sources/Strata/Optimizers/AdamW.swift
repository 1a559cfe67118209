/// Adam with weight decay beside the gradient.
///
/// Loshchilov and Hutter, 2017, arXiv:1711.05101; Keras 3.15.1 `AdamW`.
public struct AdamW: Optimizer {
    public static let className = "AdamW"
    public var learningRate: LearningRate
    private let rule: AdamRule
    public var options: OptimizerOptions

    /// - Parameters:
    ///   - learningRate: step size, > 0.
    ///   - weightDecay: how much of each weight is taken away in a step, in units of the step size.
    ///   - beta1: how much of the gradient's running mean stays in a step, 0 … 1.
    ///   - beta2: how much of the running mean of its square stays in a step, 0 … 1.
    ///   - epsilon: added to the root of the mean square, > 0.
    ///   - amsgrad: whether the mean square never shrinks.
    ///   - options: clipping and averages; `weightDecay` goes before the one in here.
    public init(
        learningRate: LearningRate = 0.001, weightDecay: Float = 0.004, beta1: Float = 0.9,
        beta2: Float = 0.999, epsilon: Float = 1e-7, amsgrad: Bool = false,
        options: OptimizerOptions = OptimizerOptions()
    ) {
        self.learningRate = learningRate
        rule = AdamRule(beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad)
        self.options = options
        self.options.weightDecay = weightDecay
    }

    public init(_ configuration: Configuration) throws(ConfigurationError) {
        learningRate = try configuration.learningRate(default: 0.001)
        rule = try AdamRule(configuration)
        options = try OptimizerOptions(configuration)
        options.weightDecay = try configuration.float("weight_decay", default: 0.004)
    }

    public var ownConfig: [String: JSONValue] { rule.config }

    public var slots: [OptimizerSlot] { rule.slots }

    public func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        learningRate: SymbolicTensor, step: SymbolicTensor
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        rule.updated(weight, gradient, slots, learningRate, step)
    }
}

extension Optimizer where Self == AdamW {
    /// AdamW with Keras's defaults.
    public static var adamw: AdamW { AdamW() }
}
