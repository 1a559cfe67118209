/// Base of ``ExponentialDecay`` and ``InverseTimeDecay``: a rate that falls with the number of
/// periods.
protocol PeriodicDecay: LearningRateSchedule {
    var initialLearningRate: Float { get }
    var decaySteps: Int { get }
    var decayRate: Float { get }
    var staircase: Bool { get set }
    var name: String { get set }
}

extension PeriodicDecay {
    /// Reads the arguments that have defaults; missing ones are unchanged.
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

    /// The number of periods of ``decaySteps`` so far, rounded down for a staircase.
    func periods(_ step: Int) -> Double {
        let periods = Double(step) / Double(decaySteps)
        return staircase ? periods.rounded(.down) : periods
    }
}
