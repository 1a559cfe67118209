/// FTRL: follow the regularized leader, with penalties that keep weights at exactly 0.
///
/// McMahan et al., 2013, "Ad Click Prediction"; Keras 3.15.1 `Ftrl`.
public struct Ftrl: Optimizer {
    public static let className = "Ftrl"
    public var learningRate: LearningRate
    /// The power by which the learning rate falls with the sum of squares; 0 or less, 0 for a fixed
    /// rate.
    public var learningRatePower: Float
    /// The initial value of the sum of squares; 0 or more.
    public var initialAccumulatorValue: Float
    /// 0 or more.
    public var l1RegularizationStrength: Float
    /// 0 or more.
    public var l2RegularizationStrength: Float
    /// L2 penalty on the gradient; 0 or more.
    public var l2ShrinkageRegularizationStrength: Float
    /// The β of the paper.
    public var beta: Float
    public var options: OptimizerOptions

    public init(
        learningRate: any LearningRateConvertible = 0.001, learningRatePower: Double = -0.5,
        initialAccumulatorValue: Double = 0.1, l1RegularizationStrength: Double = 0,
        l2RegularizationStrength: Double = 0, l2ShrinkageRegularizationStrength: Double = 0,
        beta: Double = 0, options: OptimizerOptions = OptimizerOptions()
    ) {
        self.learningRate = learningRate.asLearningRate
        self.learningRatePower = Float(learningRatePower)
        self.initialAccumulatorValue = Float(initialAccumulatorValue)
        self.l1RegularizationStrength = Float(l1RegularizationStrength)
        self.l2RegularizationStrength = Float(l2RegularizationStrength)
        self.l2ShrinkageRegularizationStrength = Float(l2ShrinkageRegularizationStrength)
        self.beta = Float(beta)
        self.options = options
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        learningRate = try configuration.learningRate(default: learningRate)
        learningRatePower = try configuration.float(
            "learning_rate_power", default: learningRatePower)
        initialAccumulatorValue = try configuration.strength(
            "initial_accumulator_value", default: initialAccumulatorValue)
        l1RegularizationStrength = try configuration.strength(
            "l1_regularization_strength", default: l1RegularizationStrength)
        l2RegularizationStrength = try configuration.strength(
            "l2_regularization_strength", default: l2RegularizationStrength)
        l2ShrinkageRegularizationStrength = try configuration.strength(
            "l2_shrinkage_regularization_strength", default: l2ShrinkageRegularizationStrength)
        beta = try configuration.float("beta", default: beta)
        options = try OptimizerOptions(configuration: configuration)
        guard learningRatePower <= 0 else {
            throw configuration.failure(
                "learning_rate_power", "should be 0 or less, but is \(learningRatePower)")
        }
    }

    public var ownConfig: [String: JSONValue] {
        [
            "learning_rate_power": JSONValue(learningRatePower),
            "initial_accumulator_value": JSONValue(initialAccumulatorValue),
            "l1_regularization_strength": JSONValue(l1RegularizationStrength),
            "l2_regularization_strength": JSONValue(l2RegularizationStrength),
            "l2_shrinkage_regularization_strength": JSONValue(
                l2ShrinkageRegularizationStrength),
            "beta": JSONValue(beta),
        ]
    }

    public func slots(name: String, shape: [Int]) -> [OptimizerSlot] {
        [
            OptimizerSlot("accumulator", initialValue: initialAccumulatorValue),
            OptimizerSlot("linear"),
        ]
    }

    public func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        _ context: OptimizerContext
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        let rate = context.learningRate
        let l2 = .constant(beta / 2) / rate + l2RegularizationStrength
        let pull = gradient + weight * (2 * l2ShrinkageRegularizationStrength)
        let sum = slots[0] + gradient.square()
        let (power, lastPower) = (
            sum.power(-learningRatePower), slots[0].power(-learningRatePower)
        )
        let linear = slots[1] + pull - (power - lastPower) / rate * weight
        let kept = linear.clipped(-l1RegularizationStrength, l1RegularizationStrength)
        return ((kept - linear) / (power / rate + l2 * 2), [sum, linear])
    }
}

extension Optimizer where Self == Ftrl {
    /// FTRL: follow the regularized leader.
    public static var ftrl: Ftrl { Ftrl() }
}
