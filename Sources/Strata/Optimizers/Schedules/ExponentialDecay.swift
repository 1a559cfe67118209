internal import Foundation

/// Exponential decay: `initialLearningRate` · `decayRate`^(step / `decaySteps`).
///
/// Keras 3.15.1 `ExponentialDecay`.
public struct ExponentialDecay: LearningRateSchedule, PeriodicDecay {
    public static let className = "ExponentialDecay"
    public var initialLearningRate: Float
    /// The number of steps for one factor ``decayRate``; above 0.
    public var decaySteps: Int
    public var decayRate: Float
    /// Whether the rate changes only every ``decaySteps`` steps.
    public var staircase: Bool
    public var name: String

    public init(
        _ initialLearningRate: Double, decaySteps: Int, decayRate: Double, staircase: Bool = false,
        name: String = Self.className
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
            decayRate: try configuration.double("decay_rate"))
        try read(configuration)
    }

    public var config: [String: JSONValue] { decayConfig }

    public func learningRate(step: Int) -> Float {
        Float(initialLearningRate.asWritten * pow(decayRate.asWritten, periods(step)))
    }
}
