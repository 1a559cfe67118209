internal import Foundation

/// Polynomial decay from `initialLearningRate` to `endLearningRate`: (1 − step /
/// `decaySteps`)^`power`.
///
/// Keras 3.15.1 `PolynomialDecay`.
public struct PolynomialDecay: LearningRateSchedule {
    public static let className = "PolynomialDecay"
    public var initialLearningRate: Float
    /// The number of steps until the final rate; above 0.
    public var decaySteps: Int
    public var endLearningRate: Float
    public var power: Float
    /// Whether the decay is stretched to the next multiple of ``decaySteps`` whenever it ends.
    public var cycle: Bool
    public var name: String

    public init(
        _ initialLearningRate: Double, decaySteps: Int, endLearningRate: Double = 0.0001,
        power: Double = 1, cycle: Bool = false, name: String = Self.className
    ) {
        self.initialLearningRate = Float(initialLearningRate)
        self.decaySteps = decaySteps
        self.endLearningRate = Float(endLearningRate)
        self.power = Float(power)
        self.cycle = cycle
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.double("initial_learning_rate"),
            decaySteps: try configuration.steps("decay_steps"))
        endLearningRate = try configuration.float("end_learning_rate", default: endLearningRate)
        power = try configuration.float("power", default: power)
        cycle = try configuration.bool("cycle", default: cycle)
        name = try configuration.name(default: name)
    }

    public var config: [String: JSONValue] {
        [
            "initial_learning_rate": JSONValue(initialLearningRate),
            "decay_steps": .integer(decaySteps), "end_learning_rate": JSONValue(endLearningRate),
            "power": JSONValue(power), "cycle": .bool(cycle), "name": .string(name),
        ]
    }

    public func learningRate(step: Int) -> Float {
        var (now, whole) = (Double(step), Double(decaySteps))
        if cycle {
            whole *= max(1, (now / whole).rounded(.up))
        } else {
            now = min(now, whole)
        }
        let end = endLearningRate.asWritten
        let way = initialLearningRate.asWritten - end
        return Float(way * pow(1 - now / whole, power.asWritten) + end)
    }
}
