/// RMSprop: divides gradients by the root of the moving mean of their squares.
///
/// Tieleman and Hinton, 2012, lecture 6.5; Keras 3.15.1 `RMSprop`.
public struct RMSprop: Optimizer {
    public static let className = "RMSprop"
    public var learningRate: LearningRate
    /// Exponential decay rate of the mean square, 0 … 1.
    public var rho: Float
    /// Momentum: the fraction of the last step that is added to the next, 0 … 1.
    public var momentum: Float
    /// Small constant for numerical stability.
    public var epsilon: Float
    /// Whether the variance is used instead of the mean square.
    public var centered: Bool
    public var options: OptimizerOptions

    public init(
        learningRate: any LearningRateConvertible = 0.001, rho: Double = 0.9, momentum: Double = 0,
        epsilon: Double = 1e-7, centered: Bool = false,
        options: OptimizerOptions = OptimizerOptions()
    ) {
        self.learningRate = learningRate.asLearningRate
        self.rho = Float(rho)
        self.momentum = Float(momentum)
        self.epsilon = Float(epsilon)
        self.centered = centered
        self.options = options
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        learningRate = try configuration.learningRate(default: learningRate)
        rho = try configuration.float("rho", default: rho)
        momentum = try configuration.float("momentum", default: momentum)
        epsilon = try configuration.float("epsilon", default: epsilon)
        centered = try configuration.bool("centered", default: centered)
        options = try OptimizerOptions(configuration: configuration)
    }

    public var ownConfig: [String: JSONValue] {
        [
            "rho": JSONValue(rho), "momentum": JSONValue(momentum),
            "epsilon": JSONValue(epsilon), "centered": .bool(centered),
        ]
    }

    public func slots(name: String, shape: [Int]) -> [OptimizerSlot] {
        [OptimizerSlot("velocity")]
            + (momentum > 0 ? [OptimizerSlot("momentum", group: 1)] : [])
            + (centered ? [OptimizerSlot("average_gradient", group: 2)] : [])
    }

    public func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        _ context: OptimizerContext
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        let velocity = slots[0] * rho + gradient.square() * rho.complement
        var new = [velocity]
        var spread = velocity
        let mean = centered ? slots.last.map { $0 * rho + gradient * rho.complement } : nil
        if let mean { spread = velocity - mean.square() }
        var step = context.learningRate * gradient / (spread + epsilon).sqrt()
        if momentum > 0 {
            step = slots[1] * momentum + step
            new.append(step)
        }
        if let mean { new.append(mean) }
        return (weight - step, new)
    }
}

extension Optimizer where Self == RMSprop {
    /// RMSprop: divides gradients by the root of the moving mean of their squares.
    public static var rmsprop: RMSprop { RMSprop() }
}
