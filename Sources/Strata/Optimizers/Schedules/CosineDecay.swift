internal import Foundation

/// Cosine decay to `alpha` times the initial rate, optionally after a linear warm-up.
///
/// Loshchilov and Hutter, 2016 (arXiv 1608.03983); Keras 3.15.1 `CosineDecay`.
public struct CosineDecay: LearningRateSchedule {
    public static let className = "CosineDecay"
    public var initialLearningRate: Float
    /// The number of decay steps, after the warm-up; above 0.
    public var decaySteps: Int
    /// The final rate as a fraction of the initial one.
    public var alpha: Float
    public var name: String
    /// The rate at the end of the warm-up; no warm-up if left out.
    public var warmupTarget: Float?
    public var warmupSteps: Int

    public init(
        _ initialLearningRate: Double, decaySteps: Int, alpha: Double = 0,
        name: String = Self.className, warmupTarget: Double? = nil, warmupSteps: Int = 0
    ) {
        self.initialLearningRate = Float(initialLearningRate)
        self.decaySteps = decaySteps
        self.alpha = Float(alpha)
        self.name = name
        self.warmupTarget = warmupTarget.map { Float($0) }
        self.warmupSteps = warmupSteps
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.double("initial_learning_rate"),
            decaySteps: try configuration.steps("decay_steps"))
        alpha = try configuration.float("alpha", default: alpha)
        name = try configuration.name(default: name)
        warmupTarget = try configuration.optionalFloat("warmup_target")
        warmupSteps = try configuration.int("warmup_steps", default: warmupSteps)
    }

    public var config: [String: JSONValue] {
        [
            "initial_learning_rate": JSONValue(initialLearningRate),
            "decay_steps": .integer(decaySteps), "alpha": JSONValue(alpha), "name": .string(name),
            "warmup_target": JSONValue(warmupTarget), "warmup_steps": .integer(warmupSteps),
        ]
    }

    public func learningRate(step: Int) -> Float {
        let start = initialLearningRate.asWritten
        let step = Double(step)
        guard let target = warmupTarget?.asWritten else { return decayed(start, step: step) }
        let warmup = Double(warmupSteps)
        if step < warmup { return Float((target - start) * step / warmup + start) }
        return decayed(target, step: step - warmup)
    }

    private func decayed(_ start: Double, step: Double) -> Float {
        let part = min(step, Double(decaySteps)) / Double(decaySteps)
        let (wave, alpha) = (0.5 * (1 + cos(.pi * part)), self.alpha.asWritten)
        return Float(start * ((1 - alpha) * wave + alpha))
    }
}
