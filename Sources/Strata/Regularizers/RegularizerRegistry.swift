/// The regularizers by Keras's class names; **one line each**.
enum RegularizerRegistry {
    static let types: [any Regularizer.Type] = []
}

extension Configuration {
    /// A regularizer, written as an object or as a name such as `"l2"`; `nil` where there is none.
    func regularizer(_ key: String) throws(ConfigurationError) -> (any Regularizer)? {
        guard let value = value(key) else { return nil }
        let object = try SerializedObject(named: value, path: path(key))
        let type: any Regularizer.Type = try object.find(
            in: RegularizerRegistry.types, kind: "regularizer", path: path(key)
        ) { $0.className }
        return try type.init(object.configuration(path: path(key)))
    }
}
