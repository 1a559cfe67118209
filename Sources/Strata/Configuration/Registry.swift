extension SerializedObject {
    /// Reads an object, or just its name: `"glorot_uniform"`, `"GlorotUniform"`.
    ///
    /// Keras writes a function of its own as an object whose `config` is the name.
    init(named value: JSONValue, path: String) throws(ConfigurationError) {
        if case .string(let name) = value {
            self.init(module: "", className: name)
        } else if value["class_name"] == "function", case .string(let name)? = value["config"] {
            self.init(module: "", className: name)
        } else {
            try self.init(value, path: path)
        }
    }

    /// Whether this was a name instead of an object.
    var isNameOnly: Bool { module.isEmpty && config.isEmpty }

    /// Types by Keras's spellings of their names, made once for each registry: a file names types
    /// thousands of times, and getting a type's name takes as long as creating a small layer.
    static func byName<T>(_ types: [T], name: (T) -> String) -> [String: T] {
        var named: [String: T] = [:]
        for type in types { named[LayerNames.snakeCase(name(type))] = type }
        for type in types { named[name(type)] = type }
        return named
    }

    /// The type of a class name, in Keras's spelling or in snake case.
    ///
    /// - Parameters:
    ///   - types: by both spellings, as ``byName(_:name:)`` makes it.
    ///   - custom: the types that users have registered, which take precedence.
    ///   - aliases: further names, each with its class name.
    func find<T>(
        in types: [String: T], _ custom: CustomClasses<T>? = nil,
        aliases: [String: String] = [:], kind: String, path: String
    ) throws(ConfigurationError) -> T {
        if let found = custom?.find(self) { return found }
        let plain = aliases[className] ?? className
        if let found = registeredName.flatMap({ types[$0] }) ?? types[plain] { return found }
        let isCustom = registeredName?.contains(">") == true && custom != nil
        let register = "register\(kind.prefix(1).uppercased())\(kind.dropFirst())"
        throw ConfigurationError(
            path: path, message: "\(kind) \(className) is not known",
            cure: .init(
                call: isCustom ? "write it in Swift, and register it with \(register)" : nil),
            isUnknownClass: true)
    }
}
