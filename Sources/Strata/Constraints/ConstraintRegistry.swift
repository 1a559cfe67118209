/// The constraints by Keras's class names; **one line each**.
package enum ConstraintRegistry {
    package static let types: [any Constraint.Type] = [
        MaxNorm.self,
        MinMaxNorm.self,
        NonNeg.self,
        UnitNorm.self,
    ]

    private static let named = SerializedObject.byName(types) { $0.className }

    /// The constraint for an object or a name such as `"max_norm"`.
    package static func constraint(_ value: JSONValue, path: String) throws(ConfigurationError)
        -> any Constraint
    {
        let object = try SerializedObject(named: value, path: path)
        let type: any Constraint.Type = try object.find(
            in: named, kind: "constraint", path: path
        )
        return try type.init(configuration: object.configuration(path: path))
    }
}

extension Configuration {
    /// A constraint, written as an object or as a name such as `"max_norm"`; `nil` if there is
    /// none.
    func constraint(_ key: String) throws(ConfigurationError) -> (any Constraint)? {
        guard let value = value(key) else { return nil }
        return try ConstraintRegistry.constraint(value, path: path(key))
    }
}
