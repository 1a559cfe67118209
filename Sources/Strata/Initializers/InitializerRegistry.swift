/// The initializers by Keras's class names; **one line each**.
package enum InitializerRegistry {
    package static let types: [any Initializer.Type] = [
        Constant.self,
        GlorotNormal.self,
        GlorotUniform.self,
        HeNormal.self,
        HeUniform.self,
        IdentityInitializer.self,
        LecunNormal.self,
        LecunUniform.self,
        Ones.self,
        Orthogonal.self,
        RandomNormal.self,
        RandomUniform.self,
        STFTInitializer.self,
        TruncatedNormal.self,
        VarianceScaling.self,
        Zeros.self,
    ]

    private static let named = SerializedObject.byName(types) { $0.className }

    private static let aliases = [
        "IdentityInitializer": "Identity", "OrthogonalInitializer": "Orthogonal",
        "STFTInitializer": "STFT",
        "normal": "RandomNormal", "one": "Ones", "uniform": "RandomUniform", "zero": "Zeros",
    ]

    /// The initializer for an object or a name.
    package static func initializer(_ value: JSONValue, path: String) throws(ConfigurationError)
        -> any Initializer
    {
        let object = try SerializedObject(named: value, path: path)
        let type: any Initializer.Type = try object.find(
            in: named, aliases: aliases, kind: "initializer", path: path
        )
        return try type.init(configuration: object.configuration(path: path))
    }
}

extension Configuration {
    /// An initializer, written as an object or as a name such as `"glorot_uniform"`.
    func initializer(_ key: String, default fallback: any Initializer)
        throws(ConfigurationError) -> any Initializer
    {
        guard let value = value(key) else { return fallback }
        return try InitializerRegistry.initializer(value, path: path(key))
    }

    /// The seed of an initializer: a number, or Keras's generator, which has one.
    func seed() throws(ConfigurationError) -> Int? {
        guard case .object = value("seed") else { return try optionalInt("seed") }
        return try object("seed").object("config").optionalInt("seed")
    }

    /// Optional integers.
    func optionalInts(_ key: String) throws(ConfigurationError) -> [Int]? {
        value(key) == nil ? nil : try ints(key)
    }
}
