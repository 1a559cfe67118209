internal import Foundation

/// `initialLearningRate` · `decayRate`^(step / `decaySteps`).
///
/// Keras 3.15.1 `ExponentialDecay`.
public struct ExponentialDecay: LearningRateSchedule {
    public static let className = "ExponentialDecay"
    public var initialLearningRate: Float
    /// After how many steps the rate is multiplied by ``decayRate`` once; above 0.
    public var decaySteps: Int
    public var decayRate: Float
    /// Whether the rate falls only every ``decaySteps`` steps.
    public var staircase: Bool
    public var name: String

    public init(
        _ initialLearningRate: Double, decaySteps: Int, decayRate: Double, staircase: Bool = false,
        name: String = "ExponentialDecay"
    ) {
        self.initialLearningRate = Float(initialLearningRate)
        self.decaySteps = decaySteps
        self.decayRate = Float(decayRate)
        self.staircase = staircase
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.double("initial_learning_rate"),
            decaySteps: try configuration.steps("decay_steps"),
            decayRate: try configuration.double("decay_rate"),
            staircase: try configuration.bool("staircase", default: false),
            name: try configuration.name(default: "ExponentialDecay"))
    }

    public var config: [String: JSONValue] {
        [
            "initial_learning_rate": JSONValue(initialLearningRate),
            "decay_steps": .integer(decaySteps), "decay_rate": JSONValue(decayRate),
            "staircase": .bool(staircase), "name": .string(name),
        ]
    }

    public func learningRate(step: Int) -> Float {
        let part = Double(step) / Double(decaySteps)
        let power = staircase ? part.rounded(.down) : part
        return Float(initialLearningRate.asWritten * pow(decayRate.asWritten, power))
    }
}
