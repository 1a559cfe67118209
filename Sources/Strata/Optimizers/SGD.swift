/// Gradient descent, with momentum if wanted.
///
/// With momentum μ the velocity becomes v ← μ·v − η·g, and the weight w ← w + v, or with Nesterov's
/// look ahead w ← w + μ·v − η·g. Keras 3.15.1 `SGD`.
public struct SGD: Optimizer {
    public static let className = "SGD"
    public var learningRate: LearningRate
    /// How much of the last step is added, 0 … 1.
    public var momentum: Float
    public var nesterov: Bool
    public var options: OptimizerOptions

    /// - Parameters:
    ///   - learningRate: step size, > 0.
    ///   - momentum: how much of the last step is added, 0 … 1.
    ///   - nesterov: whether the gradient is taken ahead (Sutskever et al., 2013).
    ///   - options: clipping, weight decay, averages.
    public init(
        learningRate: LearningRate = 0.01, momentum: Float = 0, nesterov: Bool = false,
        options: OptimizerOptions = OptimizerOptions()
    ) {
        self.learningRate = learningRate
        self.momentum = momentum
        self.nesterov = nesterov
        self.options = options
    }

    public init(_ configuration: Configuration) throws(ConfigurationError) {
        self.init(
            learningRate: try configuration.learningRate(default: 0.01),
            momentum: try configuration.float("momentum", default: 0),
            nesterov: try configuration.bool("nesterov", default: false),
            options: try OptimizerOptions(configuration))
    }

    public var ownConfig: [String: JSONValue] {
        ["momentum": .float(momentum), "nesterov": .bool(nesterov)]
    }

    public var slots: [OptimizerSlot] { momentum == 0 ? [] : [OptimizerSlot("momentum")] }

    public func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        learningRate: SymbolicTensor, step: SymbolicTensor
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        let move = gradient * learningRate
        guard let velocity = slots.first else { return (weight - move, []) }
        let new = velocity * momentum - move
        return (nesterov ? weight + new * momentum - move : weight + new, [new])
    }
}

extension Optimizer where Self == SGD {
    /// Gradient descent with Keras's defaults.
    public static var sgd: SGD { SGD() }
}
