/// Stochastic gradient descent, optionally with momentum.
///
/// Momentum m becomes `momentum` · m − rate · gradient and is added to the weight; Nesterov's looks
/// one such step ahead. Sutskever et al., 2013; Keras 3.15.1 `SGD`.
public struct SGD: Optimizer {
    public static let className = "SGD"
    public var learningRate: LearningRate
    /// Momentum: the fraction of the last step that is added to the next, 0 … 1.
    public var momentum: Float
    public var nesterov: Bool
    public var options: OptimizerOptions

    public init(
        learningRate: any LearningRateConvertible = 0.01, momentum: Double = 0,
        nesterov: Bool = false,
        options: OptimizerOptions = OptimizerOptions()
    ) {
        self.learningRate = learningRate.asLearningRate
        self.momentum = Float(momentum)
        self.nesterov = nesterov
        self.options = options
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        learningRate = try configuration.learningRate(default: learningRate)
        momentum = try configuration.float("momentum", default: momentum)
        nesterov = try configuration.bool("nesterov", default: nesterov)
        options = try OptimizerOptions(configuration: configuration)
    }

    public var ownConfig: [String: JSONValue] {
        ["momentum": JSONValue(momentum), "nesterov": .bool(nesterov)]
    }

    public func slots(name: String, shape: [Int]) -> [OptimizerSlot] {
        momentum == 0 ? [] : [OptimizerSlot("momentum")]
    }

    public func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        _ context: OptimizerContext
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        let descent = gradient * context.learningRate
        guard let last = slots.first else { return (weight - descent, []) }
        let m = last * momentum - descent
        return (weight + (nesterov ? m * momentum - descent : m), [m])
    }
}

extension Optimizer where Self == SGD {
    /// Stochastic gradient descent.
    public static var sgd: SGD { SGD() }
}
