/// The arguments that ``Adam`` and the optimizers made from it share.
protocol AdamArguments: Optimizer {
    var beta1: Float { get set }
    var beta2: Float { get set }
    var epsilon: Float { get set }
}

extension AdamArguments {
    /// Reads the arguments; missing ones are unchanged.
    mutating func read(_ configuration: Configuration) throws(ConfigurationError) {
        learningRate = try configuration.learningRate(default: learningRate)
        beta1 = try configuration.float("beta_1", default: beta1)
        beta2 = try configuration.float("beta_2", default: beta2)
        epsilon = try configuration.float("epsilon", default: epsilon)
        let decay = options.weightDecay
        options = try OptimizerOptions(configuration: configuration)
        options.weightDecay = options.weightDecay ?? decay
    }

    var adamConfig: [String: JSONValue] {
        ["beta_1": JSONValue(beta1), "beta_2": JSONValue(beta2), "epsilon": JSONValue(epsilon)]
    }

    /// The step of ``Adam``.
    var adamRule: AdamRule { AdamRule(beta1: beta1, beta2: beta2, epsilon: epsilon) }
}
