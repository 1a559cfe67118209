internal import Foundation

/// Cosine decay with warm restarts.
///
/// Loshchilov and Hutter, 2016 (arXiv 1608.03983); Keras 3.15.1 `CosineDecayRestarts`.
public struct CosineDecayRestarts: LearningRateSchedule {
    public static let className = "CosineDecayRestarts"
    public var initialLearningRate: Float
    /// The number of steps of the first decay; above 0.
    public var firstDecaySteps: Int
    /// The factor by which each decay is longer than the one before.
    public var tMul: Float
    /// The factor of the initial rate from one restart to the next.
    public var mMul: Float
    /// The final rate as a fraction of the initial one.
    public var alpha: Float
    public var name: String

    public init(
        _ initialLearningRate: Double, firstDecaySteps: Int, tMul: Double = 2, mMul: Double = 1,
        alpha: Double = 0, name: String = "SGDRDecay"
    ) {
        self.initialLearningRate = Float(initialLearningRate)
        self.firstDecaySteps = firstDecaySteps
        self.tMul = Float(tMul)
        self.mMul = Float(mMul)
        self.alpha = Float(alpha)
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.double("initial_learning_rate"),
            firstDecaySteps: try configuration.steps("first_decay_steps"))
        tMul = try configuration.float("t_mul", default: tMul)
        mMul = try configuration.float("m_mul", default: mMul)
        alpha = try configuration.float("alpha", default: alpha)
        name = try configuration.name(default: name)
    }

    public var config: [String: JSONValue] {
        [
            "initial_learning_rate": JSONValue(initialLearningRate),
            "first_decay_steps": .integer(firstDecaySteps), "t_mul": JSONValue(tMul),
            "m_mul": JSONValue(mMul), "alpha": JSONValue(alpha), "name": .string(name),
        ]
    }

    public func learningRate(step: Int) -> Float {
        var part = Double(step) / Double(firstDecaySteps)
        let (longer, alpha) = (tMul.asWritten, self.alpha.asWritten)
        let restarts: Double
        if longer == 1 {
            restarts = part.rounded(.down)
            part -= restarts
        } else {
            // The sum of a geometric series, solved for the number of its terms.
            restarts = (log(1 - part * (1 - longer)) / log(longer)).rounded(.down)
            let before = (1 - pow(longer, restarts)) / (1 - longer)
            part = (part - before) / pow(longer, restarts)
        }
        let wave = 0.5 * pow(mMul.asWritten, restarts) * (1 + cos(.pi * part))
        return Float(initialLearningRate.asWritten * ((1 - alpha) * wave + alpha))
    }
}
