/// Adagrad: divides gradients by the root of the sum of all their squares.
///
/// Duchi et al., 2011; Keras 3.15.1 `Adagrad`.
public struct Adagrad: Optimizer {
    public static let className = "Adagrad"
    public var learningRate: LearningRate
    /// The initial value of the sum of squares.
    public var initialAccumulatorValue: Float
    /// Small constant for numerical stability.
    public var epsilon: Float
    public var options: OptimizerOptions

    public init(
        learningRate: any LearningRateConvertible = 0.001, initialAccumulatorValue: Double = 0.1,
        epsilon: Double = 1e-7, options: OptimizerOptions = OptimizerOptions()
    ) {
        self.learningRate = learningRate.asLearningRate
        self.initialAccumulatorValue = Float(initialAccumulatorValue)
        self.epsilon = Float(epsilon)
        self.options = options
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        learningRate = try configuration.learningRate(default: learningRate)
        initialAccumulatorValue = try configuration.float(
            "initial_accumulator_value", default: initialAccumulatorValue)
        epsilon = try configuration.float("epsilon", default: epsilon)
        options = try OptimizerOptions(configuration: configuration)
    }

    public var ownConfig: [String: JSONValue] {
        [
            "initial_accumulator_value": JSONValue(initialAccumulatorValue),
            "epsilon": JSONValue(epsilon),
        ]
    }

    public func slots(name: String, shape: [Int]) -> [OptimizerSlot] {
        [OptimizerSlot("accumulator", initialValue: initialAccumulatorValue)]
    }

    public func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        _ context: OptimizerContext
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        let sum = slots[0] + gradient.square()
        return (weight - context.learningRate * gradient / (sum + epsilon).sqrt(), [sum])
    }
}

extension Optimizer where Self == Adagrad {
    /// Adagrad: divides gradients by the root of the sum of all their squares.
    public static var adagrad: Adagrad { Adagrad() }
}
