/// The constraints by Keras's class names; **one line each**.
enum ConstraintRegistry {
    static let types: [any Constraint.Type] = []
}

extension Configuration {
    /// A constraint, written as an object or as a name such as `"max_norm"`; `nil` where there is
    /// none.
    func constraint(_ key: String) throws(ConfigurationError) -> (any Constraint)? {
        guard let value = value(key) else { return nil }
        let object = try SerializedObject(named: value, path: path(key))
        let type: any Constraint.Type = try object.find(
            in: ConstraintRegistry.types, kind: "constraint", path: path(key)
        ) { $0.className }
        return try type.init(object.configuration(path: path(key)))
    }
}
