/// The initializers by Keras's class names; **one line each**.
enum InitializerRegistry {
    static let types: [any Initializer.Type] = [
        GlorotUniform.self, Ones.self, Zeros.self,
    ]
}

extension Configuration {
    /// An initializer, written as an object or as a name such as `"glorot_uniform"`.
    func initializer(_ key: String, default fallback: any Initializer)
        throws(ConfigurationError) -> any Initializer
    {
        guard let value = value(key) else { return fallback }
        let object = try SerializedObject(named: value, path: path(key))
        let type: any Initializer.Type = try object.find(
            in: InitializerRegistry.types, kind: "initializer", path: path(key)
        ) { $0.className }
        return try type.init(object.configuration(path: path(key)))
    }
}
