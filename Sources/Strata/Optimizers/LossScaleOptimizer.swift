/// Dynamic loss scaling: multiplies the loss by the largest factor that keeps gradients finite.
///
/// The factor doubles after `dynamicGrowthSteps` steps with finite gradients. A step with other
/// gradients halves it and changes no weights. Micikevicius et al., 2017 (arXiv 1710.03740); Keras
/// 3.15.1 `LossScaleOptimizer`.
public struct LossScaleOptimizer: Optimizer {
    public static let className = "LossScaleOptimizer"
    /// The inner optimizer; its own loss scale is not used.
    public var innerOptimizer: any Optimizer
    public var initialScale: Float
    public var dynamicGrowthSteps: Int
    /// Only the name is used; set everything else on the inner optimizer.
    public var options: OptimizerOptions

    public init(
        _ innerOptimizer: any Optimizer, initialScale: Double = 32_768,
        dynamicGrowthSteps: Int = 2000, name: String? = nil
    ) {
        self.innerOptimizer = innerOptimizer
        self.innerOptimizer.options.lossScaleFactor = nil
        self.initialScale = Float(initialScale)
        self.dynamicGrowthSteps = dynamicGrowthSteps
        options = OptimizerOptions(name: name)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        guard let inner = configuration.value("inner_optimizer") else {
            throw configuration.failure("inner_optimizer", "is missing")
        }
        self.init(
            try OptimizerRegistry.optimizer(inner, path: configuration.path("inner_optimizer")),
            name: try configuration.optionalString("name"))
        initialScale = try configuration.float("initial_scale", default: initialScale)
        dynamicGrowthSteps = try configuration.int(
            "dynamic_growth_steps", default: dynamicGrowthSteps)
    }

    public var learningRate: LearningRate {
        get { innerOptimizer.learningRate }
        set { innerOptimizer.learningRate = newValue }
    }

    public var ownConfig: [String: JSONValue] {
        [
            "inner_optimizer": innerOptimizer.serialized.json,
            "initial_scale": JSONValue(initialScale),
            "dynamic_growth_steps": .integer(dynamicGrowthSteps),
        ]
    }

    public var config: [String: JSONValue] { ownConfig.merging(["name": .string(name)]) { $1 } }

    public func slots(name: String, shape: [Int]) -> [OptimizerSlot] {
        innerOptimizer.slots(name: name, shape: shape)
    }

    public func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        _ context: OptimizerContext
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        innerOptimizer.updated(weight, gradient: gradient, slots: slots, context)
    }

    /// New values of the factor and of the steps since it changed.
    func updates(_ state: OptimizerState.LossScale, isFinite: SymbolicTensor)
        -> [OptimizerState.Update]
    {
        let scale = SymbolicTensor.variable(state.scale)
        let counter = SymbolicTensor.variable(state.stepCounter).cast(to: .float32)
        let grows = isFinite * counter.equal(to: Float(dynamicGrowthSteps - 1))
        let factor = grows.select(.constant(2), isFinite.select(.constant(1), .constant(0.5)))
        let steps = (isFinite * (1 - grows)).select(counter + 1, .constant(0))
        return [(state.scale, scale * factor), (state.stepCounter, steps)]
    }
}
