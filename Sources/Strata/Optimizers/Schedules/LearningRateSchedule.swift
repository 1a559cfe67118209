/// A learning rate as a function of the number of steps.
public protocol LearningRateSchedule: LearningRateConvertible, Sendable {
    /// Keras's name of the class.
    static var className: String { get }
    var config: [String: JSONValue] { get }

    init(configuration: Configuration) throws(ConfigurationError)

    /// The learning rate after `step` steps.
    func learningRate(step: Int) -> Float
}

extension LearningRateSchedule {
    /// The schedule as Keras writes it.
    public var serialized: SerializedObject {
        SerializedObject(
            module: "keras.optimizers.schedules", className: Self.className, config: config)
    }
}

extension Configuration {
    /// A number of steps, above 0.
    func steps(_ key: String) throws(ConfigurationError) -> Int {
        let steps = try int(key)
        guard steps > 0 else { throw failure(key, "should be above 0, but is \(steps)") }
        return steps
    }
}
