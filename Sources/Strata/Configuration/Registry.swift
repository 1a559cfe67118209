extension SerializedObject {
    /// Reads an object, or the name of one alone: `"glorot_uniform"`, `"GlorotUniform"`.
    init(named value: JSONValue, path: String) throws(ConfigurationError) {
        if case .string(let name) = value {
            self.init(module: "", className: name)
        } else {
            try self.init(value, path: path)
        }
    }

    /// The type that the class name stands for, in Keras's spelling or its snake case.
    func find<T>(
        in types: [T], kind: String, path: String, name: (T) -> String
    ) throws(ConfigurationError) -> T {
        let wanted = registeredName ?? className
        if let found = types.first(where: { name($0) == wanted || name($0) == className }) {
            return found
        }
        if let found = types.first(where: { LayerNames.snakeCase(name($0)) == className }) {
            return found
        }
        throw ConfigurationError(path: path, message: "\(kind) \(className) is not known")
    }
}
