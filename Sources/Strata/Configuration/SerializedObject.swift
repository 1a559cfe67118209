/// An object as Keras writes it into a configuration: its class with the module, and its arguments.
///
/// `{"module": "keras.layers", "class_name": "Dense", "config": {…}, "registered_name": null}`
public struct SerializedObject: Sendable {
    public var module: String
    public var className: String
    public var config: [String: JSONValue]
    /// `Package>Name` for classes that are not Keras's own.
    public var registeredName: String?
    /// Keras's `build_config`: for layers, their input shape.
    public var buildConfig: JSONValue?

    public init(
        module: String, className: String, config: [String: JSONValue] = [:],
        registeredName: String? = nil, buildConfig: JSONValue? = nil
    ) {
        self.module = module
        self.className = className
        self.config = config
        self.registeredName = registeredName
        self.buildConfig = buildConfig
    }

    /// Reads the object at `path`.
    public init(_ value: JSONValue, path: String) throws(ConfigurationError) {
        let reader = try Configuration(value, path: path)
        self.init(
            module: try reader.string("module", default: ""),
            className: try reader.string("class_name"),
            config: reader.value("config") == nil ? [:] : try reader.object("config").members,
            registeredName: try reader.optionalString("registered_name"),
            buildConfig: reader.value("build_config"))
    }

    /// The arguments, for reading at `path`.
    public func configuration(path: String) -> Configuration {
        Configuration(config, path: path.isEmpty ? "config" : path + ".config")
    }

    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "module": .string(module), "class_name": .string(className),
            "config": .object(config),
            "registered_name": registeredName.map(JSONValue.string) ?? .null,
        ]
        members["build_config"] = buildConfig
        return .object(members)
    }
}
