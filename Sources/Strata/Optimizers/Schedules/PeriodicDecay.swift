/// What ``ExponentialDecay`` and ``InverseTimeDecay`` share: a rate that falls with the number of periods.
protocol PeriodicDecay: LearningRateSchedule {
    var initialLearningRate: Float { get }
    var decaySteps: Int { get }
    var decayRate: Float { get }
    var staircase: Bool { get set }
    var name: String { get set }
}

extension PeriodicDecay {
    /// Reads the arguments that have defaults; what is not there stays.
    mutating func read(_ configuration: Configuration) throws(ConfigurationError) {
        staircase = try configuration.bool("staircase", default: staircase)
        name = try configuration.name(default: name)
    }

    var decayConfig: [String: JSONValue] {
        [
            "initial_learning_rate": JSONValue(initialLearningRate),
            "decay_steps": .integer(decaySteps), "decay_rate": JSONValue(decayRate),
            "staircase": .bool(staircase), "name": .string(name),
        ]
    }

    /// How many times ``decaySteps`` have been done, in whole ones only if the rate falls in steps.
    func periods(_ step: Int) -> Double {
        let periods = Double(step) / Double(decaySteps)
        return staircase ? periods.rounded(.down) : periods
    }
}
