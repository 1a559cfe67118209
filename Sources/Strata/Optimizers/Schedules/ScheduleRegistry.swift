/// The schedules by Keras's class names; **one line each**.
package enum ScheduleRegistry {
    package static let types: [any LearningRateSchedule.Type] = [
        CosineDecay.self,
        CosineDecayRestarts.self,
        ExponentialDecay.self,
        InverseTimeDecay.self,
        PiecewiseConstantDecay.self,
        PolynomialDecay.self,
    ]

    private static let named = SerializedObject.byName(types) { $0.className }

    /// The schedule for an object.
    package static func schedule(_ value: JSONValue, path: String) throws(ConfigurationError)
        -> any LearningRateSchedule
    {
        let object = try SerializedObject(named: value, path: path)
        let type: any LearningRateSchedule.Type = try object.find(
            in: named, kind: "schedule", path: path
        )
        return try type.init(configuration: object.configuration(path: path))
    }
}
