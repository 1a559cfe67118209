/// A step size, fixed or following a schedule.
public enum LearningRate: Sendable {
    case constant(Float)
    case schedule(any LearningRateSchedule)

    /// The step size in the step after `step` others.
    public func value(step: Int) -> Float {
        switch self {
        case .constant(let rate): rate
        case .schedule(let schedule): schedule.learningRate(step: step)
        }
    }

    /// Keras holds a fixed one as a variable, and so writes it as it is stored.
    var json: JSONValue {
        switch self {
        case .constant(let rate): .number(Double(rate))
        case .schedule(let schedule): schedule.serialized.json
        }
    }
}

extension LearningRate: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    public init(floatLiteral value: Float) { self = .constant(value) }
    public init(integerLiteral value: Int) { self = .constant(Float(value)) }
}

extension Configuration {
    /// Keras's `learning_rate`: a number or a schedule.
    public func learningRate(default fallback: LearningRate) throws(ConfigurationError)
        -> LearningRate
    {
        guard let value = value("learning_rate") else { return fallback }
        guard case .object = value else { return .constant(try float("learning_rate")) }
        return .schedule(try ScheduleRegistry.schedule(value, path: path("learning_rate")))
    }
}
