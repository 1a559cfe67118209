/// The regularizers by Keras's class names; **one line each**.
package enum RegularizerRegistry {
    package static let types: [any Regularizer.Type] = [
        L1.self,
        L1L2.self,
        L2.self,
        OrthogonalRegularizer.self,
    ]

    private static let named = SerializedObject.byName(types) { $0.className }

    private static let aliases = ["l1_l2": "L1L2"]

    /// The regularizer for an object or a name such as `"l2"`.
    package static func regularizer(_ value: JSONValue, path: String) throws(ConfigurationError)
        -> any Regularizer
    {
        let object = try SerializedObject(named: value, path: path)
        let type: any Regularizer.Type = try object.find(
            in: named, aliases: aliases, kind: "regularizer", path: path
        )
        return try type.init(configuration: object.configuration(path: path))
    }
}

extension Configuration {
    /// A regularizer, written as an object or as a name such as `"l2"`; `nil` if there is none.
    func regularizer(_ key: String) throws(ConfigurationError) -> (any Regularizer)? {
        guard let value = value(key) else { return nil }
        return try RegularizerRegistry.regularizer(value, path: path(key))
    }

    /// A factor that must not be negative.
    func strength(_ key: String, default fallback: Float) throws(ConfigurationError) -> Float {
        let strength = try double(key, default: fallback.asWritten)
        guard strength >= 0, strength.isFinite else {
            throw failure(key, "should be 0 or more, but is \(strength)")
        }
        return Float(strength)
    }
}
