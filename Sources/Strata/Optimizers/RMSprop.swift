/// Divides the gradient by a running root mean square of itself.
///
/// Hinton, 2012 (lecture 6e); Keras 3.15.1 `RMSprop`.
public struct RMSprop: Optimizer {
    public static let className = "RMSprop"
    public var learningRate: LearningRate
    /// How much of the running mean stays in a step, 0 … 1.
    public var rho: Float
    public var momentum: Float
    public var epsilon: Float
    /// Whether the gradient's variance is taken in place of its mean square.
    public var centered: Bool
    public var options: OptimizerOptions

    /// - Parameters:
    ///   - learningRate: step size, > 0.
    ///   - rho: how much of the running mean stays in a step, 0 … 1.
    ///   - momentum: how much of the last step is added, 0 … 1.
    ///   - epsilon: added to the mean square, > 0.
    ///   - centered: whether the variance is taken in place of the mean square.
    ///   - options: clipping, weight decay, averages.
    public init(
        learningRate: LearningRate = 0.001, rho: Float = 0.9, momentum: Float = 0,
        epsilon: Float = 1e-7, centered: Bool = false,
        options: OptimizerOptions = OptimizerOptions()
    ) {
        self.learningRate = learningRate
        self.rho = rho
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered
        self.options = options
    }

    public init(_ configuration: Configuration) throws(ConfigurationError) {
        self.init(
            learningRate: try configuration.learningRate(default: 0.001),
            rho: try configuration.float("rho", default: 0.9),
            momentum: try configuration.float("momentum", default: 0),
            epsilon: try configuration.float("epsilon", default: 1e-7),
            centered: try configuration.bool("centered", default: false),
            options: try OptimizerOptions(configuration))
    }

    public var ownConfig: [String: JSONValue] {
        [
            "rho": .float(rho), "momentum": .float(momentum), "epsilon": .float(epsilon),
            "centered": .bool(centered),
        ]
    }

    public var slots: [OptimizerSlot] {
        var slots = [OptimizerSlot("velocity")]
        if momentum > 0 { slots.append(OptimizerSlot("momentum", group: 1)) }
        if centered { slots.append(OptimizerSlot("average_gradient", group: 2)) }
        return slots
    }

    public func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        learningRate: SymbolicTensor, step: SymbolicTensor
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        let velocity = slots[0] * rho + gradient.square() * (1 - rho)
        var new = [velocity]
        var denominator = velocity
        var average: SymbolicTensor?
        if centered, let old = slots.last {
            let mean = old * rho + gradient * (1 - rho)
            denominator = velocity - mean.square()
            average = mean
        }
        var move = gradient * learningRate / (denominator + epsilon).sqrt()
        if momentum > 0 {
            move = slots[1] * momentum + move
            new.append(move)
        }
        if let average { new.append(average) }
        return (weight - move, new)
    }
}

extension Optimizer where Self == RMSprop {
    /// RMSprop with Keras's defaults.
    public static var rmsprop: RMSprop { RMSprop() }
}
