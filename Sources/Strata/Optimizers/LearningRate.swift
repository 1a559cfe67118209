/// A learning rate, constant or from a schedule.
public enum LearningRate: Sendable {
    case constant(Float)
    case schedule(any LearningRateSchedule)

    /// The learning rate after `step` steps.
    public func value(step: Int) -> Float {
        switch self {
        case .constant(let rate): rate
        case .schedule(let schedule): schedule.learningRate(step: step)
        }
    }

    /// - Parameter name: the rate's name in the error.
    /// - Throws: a ``ModelError`` if a rate is negative or not finite.
    static func check(_ rate: Float, _ name: String) throws(ModelError) {
        guard rate.isFinite, rate >= 0 else {
            throw ModelError(
                .invalidArgument("\(name) is \(rate)", fix: "use a finite value of 0 or more"))
        }
    }

    /// The error of assigning a rate that a schedule sets; `nil` without a schedule.
    ///
    /// - Parameter name: the name of the assigned property.
    func settingError(_ name: String) -> ModelError? {
        guard case .schedule(let schedule) = self else { return nil }
        return ModelError(
            .invalidArgument(
                "\(name) cannot be set, because the optimizer has the schedule "
                    + "\(type(of: schedule).className)",
                fix: "compile with a constant learning rate to set it, or change the schedule"))
    }

    /// Keras keeps a constant rate as a variable and writes the stored value.
    var json: JSONValue {
        switch self {
        case .constant(let rate): .number(Double(rate))
        case .schedule(let schedule): schedule.serialized.json
        }
    }
}

/// An optimizer's learning rate: a number, a variable of type `Double` or `Float`, a schedule, or a
/// ``LearningRate``.
///
/// ```swift
/// for rate in [1e-3, 1e-2] {
///     let optimizer = Adam(learningRate: rate)
/// }
/// let decaying = SGD(learningRate: CosineDecay(0.1, decaySteps: 1_000))
/// ```
public protocol LearningRateConvertible {
    var asLearningRate: LearningRate { get }
}

extension Double: LearningRateConvertible {
    public var asLearningRate: LearningRate { .constant(Float(self)) }
}

extension Float: LearningRateConvertible {
    public var asLearningRate: LearningRate { .constant(self) }
}

extension LearningRate: LearningRateConvertible {
    public var asLearningRate: LearningRate { self }
}

extension LearningRateSchedule {
    public var asLearningRate: LearningRate { LearningRate.schedule(self) }
}

extension LearningRateConvertible where Self == LearningRate {
    /// A constant learning rate.
    @_disfavoredOverload
    public static func constant(_ rate: Double) -> LearningRate { rate.asLearningRate }
    /// A learning rate from a schedule.
    @_disfavoredOverload
    public static func schedule(_ schedule: any LearningRateSchedule) -> LearningRate {
        schedule.asLearningRate
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
