/// Running means of the gradient and of its square, corrected for their start at 0.
///
/// Kingma and Ba, 2014, arXiv:1412.6980; with `amsgrad` Reddi et al., 2018. Keras 3.15.1 `Adam`.
public struct Adam: Optimizer {
    public static let className = "Adam"
    public var learningRate: LearningRate
    var rule: AdamRule
    public var options: OptimizerOptions

    /// How much of the gradient's running mean stays in a step, 0 … 1.
    public var beta1: Float { rule.beta1 }
    /// How much of the running mean of its square stays in a step, 0 … 1.
    public var beta2: Float { rule.beta2 }
    /// Added to the root of the mean square.
    public var epsilon: Float { rule.epsilon }
    /// Whether the mean square never shrinks.
    public var amsgrad: Bool { rule.amsgrad }

    /// - Parameters:
    ///   - learningRate: step size, > 0.
    ///   - beta1: how much of the gradient's running mean stays in a step, 0 … 1.
    ///   - beta2: how much of the running mean of its square stays in a step, 0 … 1.
    ///   - epsilon: added to the root of the mean square, > 0.
    ///   - amsgrad: whether the mean square never shrinks.
    ///   - options: clipping, weight decay, averages.
    public init(
        learningRate: LearningRate = 0.001, beta1: Float = 0.9, beta2: Float = 0.999,
        epsilon: Float = 1e-7, amsgrad: Bool = false,
        options: OptimizerOptions = OptimizerOptions()
    ) {
        self.learningRate = learningRate
        rule = AdamRule(beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad)
        self.options = options
    }

    public init(_ configuration: Configuration) throws(ConfigurationError) {
        learningRate = try configuration.learningRate(default: 0.001)
        rule = try AdamRule(configuration)
        options = try OptimizerOptions(configuration)
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

extension Optimizer where Self == Adam {
    /// Adam with Keras's defaults.
    public static var adam: Adam { Adam() }
}

/// What ``Adam`` and ``AdamW`` share.
struct AdamRule: Sendable, Hashable {
    var beta1: Float
    var beta2: Float
    var epsilon: Float
    var amsgrad: Bool

    init(beta1: Float, beta2: Float, epsilon: Float, amsgrad: Bool) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.amsgrad = amsgrad
    }

    init(_ configuration: Configuration) throws(ConfigurationError) {
        beta1 = try configuration.float("beta_1", default: 0.9)
        beta2 = try configuration.float("beta_2", default: 0.999)
        epsilon = try configuration.float("epsilon", default: 1e-7)
        amsgrad = try configuration.bool("amsgrad", default: false)
    }

    var config: [String: JSONValue] {
        [
            "beta_1": .float(beta1), "beta_2": .float(beta2), "epsilon": .float(epsilon),
            "amsgrad": .bool(amsgrad),
        ]
    }

    var slots: [OptimizerSlot] {
        [OptimizerSlot("momentum"), OptimizerSlot("velocity")]
            + (amsgrad ? [OptimizerSlot("velocity_hat", group: 1)] : [])
    }

    func updated(
        _ weight: SymbolicTensor, _ gradient: SymbolicTensor, _ slots: [SymbolicTensor],
        _ learningRate: SymbolicTensor, _ step: SymbolicTensor
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        let first = 1 - SymbolicTensor.constant(beta1).power(step)
        let second = 1 - SymbolicTensor.constant(beta2).power(step)
        let alpha = learningRate * second.sqrt() / first
        let momentum = slots[0] + (gradient - slots[0]) * (1 - beta1)
        let velocity = slots[1] + (gradient.square() - slots[1]) * (1 - beta2)
        var new = [momentum, velocity]
        var square = velocity
        if amsgrad {
            square = slots[2].maximum(velocity)
            new.append(square)
        }
        return (weight - momentum * alpha / (square.sqrt() + epsilon), new)
    }
}
