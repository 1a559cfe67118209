extension Model {
    /// Writes the model to a file that Keras 3.15.1 also opens.
    ///
    /// The file holds the layers, the weights and, if the model was compiled, the optimizer with
    /// its state, the losses and the metrics.
    ///
    /// ```swift
    /// try model.save("fashion.keras")
    /// let again = try Model.load("fashion.keras")
    /// ```
    ///
    /// - Parameters:
    ///   - path: a path that ends in `.keras`. An existing file is replaced atomically.
    ///   - overwrite: whether an existing file may be replaced.
    /// - Throws: a ``FileError`` if the file cannot or may not be written or the model has parts
    ///   that cannot be saved; a ``ModelError`` if it has no weights yet.
    public func save(_ path: String, overwrite: Bool = true) throws {
        try save(to: path, overwrite: overwrite)
    }

    /// Writes the model to a file; the same as ``save(_:overwrite:)``.
    public func save(to path: String, overwrite: Bool = true) throws {
        guard path.hasSuffix(".keras") else {
            throw FileError("the name should end in .keras", path: path)
        }
        if !overwrite { try FileContents.checkIsFree(path) }
        try FileContents.write(try kerasFileBytes(), to: path)
    }

    /// The contents of the file that ``save(to:overwrite:)`` writes.
    package func kerasFileBytes() throws -> [UInt8] {
        try during(.computing) { try kerasFile().bytes }
    }

    func kerasFile() throws -> KerasFile {
        try checkSerializable()
        guard case .object(var members) = serialized.json else { throw FileError("no object") }
        if let compilation {
            members["compile_config"] = compilation.serialized(
                learningRate: learningRate, names: outputStructure?.names)
        }
        var file = KerasFile(configuration: .object(members), weights: try weightGroups())
        file.classNames = classNames
        return file
    }

    /// Loads a model that Strata or Keras 3 saved (`keras.models.load_model`).
    ///
    /// The whole file is read and checked before a model is created. An optimizer state with
    /// another number of variables is left out with a warning, as in Keras.
    ///
    /// ```swift
    /// let model = try Model.load("fashion.keras")
    /// let chain = try Sequential.load("fashion.keras")
    /// ```
    ///
    /// - Parameters:
    ///   - path: a `.keras` file, or the folder that Keras writes with `zipped=False`.
    ///   - compile: whether to compile the model as saved, and to restore the optimizer's state.
    ///     Without it, files with an unknown optimizer, loss or metric can be loaded.
    /// - Returns: a ``Sequential`` or a functional model.
    /// - Throws: a ``FileError``: the file is unreadable, truncated, damaged, or of another kind;
    ///   it has an unknown layer; the weights do not match the layers; the model has another class
    ///   than the requested one.
    public static func load(_ path: String, compile: Bool = true) throws(FileError) -> Self {
        try locating(path: path) { () throws(FileError) in
            let model = try Model.load(KerasFile(contentsOf: path), compiled: compile)
            guard let wanted = model as? Self else {
                throw FileError(
                    "it holds a \(type(of: model).className) model, not a \(Self.className) one",
                    cure: .init(call: "load it with Model.load(_:)"))
            }
            return wanted
        }
    }

    /// Loads a model; the same as ``load(_:compile:)``.
    public static func load(from path: String, compiled: Bool = true) throws(FileError) -> Model {
        try locating(path: path) { () throws(FileError) in
            try Model.load(KerasFile(contentsOf: path), compiled: compiled)
        }
    }

    static func load(_ file: KerasFile, compiled: Bool) throws(FileError) -> Model {
        let model = try file.reading { json throws(ConfigurationError) in
            try Model.make(json, elementCount: file.weights.elementCount)
        }
        if compiled { try model.compile(file) }
        let values = try file.readingWeights { weights throws(FileError) in
            try WeightLayout(model).values(in: weights) + model.optimizerValues(in: weights)
        }
        try values.assign()
        model.knownClassNames = file.classNames
        return model
    }

    /// Compiles the model as saved.
    private func compile(_ file: KerasFile) throws(FileError) {
        try withCure { () throws(FileError) in
            try file.reading { json throws(ConfigurationError) in
                if let compilation = json["compile_config"], compilation != .null {
                    try compile(Configuration(compilation, path: "compile_config"))
                }
            }
        }
    }

    /// Runs `body`; its errors say how to read the rest of the file.
    private func withCure<T>(_ body: () throws(FileError) -> T) throws(FileError) -> T {
        do throws(FileError) {
            return try body()
        } catch {
            var error = error
            error.fix = error.fix ?? "load the model with compile: false, and compile it again"
            throw error
        }
    }

    /// The model of a configuration, without values for its weights.
    ///
    /// - Parameter elementCount: the number of weight elements in the file.
    private static func make(
        _ json: JSONValue, elementCount: Int
    ) throws(ConfigurationError) -> Model {
        let object = try SerializedObject(json, path: "")
        // Some more, so that a wrong shape is reported with its weight.
        let budget = DecodingLimits(elementCount: 4 * elementCount + 1 << 22)
        let result = DecodingLimits.$current.withValue(budget) {
            Result { () throws(ConfigurationError) in try LayerRegistry.layer(object, path: "") }
        }
        guard let model = try result.get() as? Model else {
            throw ConfigurationError(
                path: "", message: "\(object.className) is a layer, but a model is expected here")
        }
        return model
    }

    /// The values for the optimizer's variables.
    private func optimizerValues(
        in weights: HDF5Group
    ) throws(FileError) -> [(variable: Variable, value: Tensor)] {
        let path = [Model.optimizerGroup]
        guard let compilation, let found = weights.variables(at: path) else { return [] }
        let variables = try optimizerVariables(savedCount: found.tensors.count)
        let owner = "optimizer \(compilation.optimizerName)"
        // As in Keras 3.15.1: layers may have been frozen since the state was saved.
        guard found.tensors.count == variables.count else {
            warn(
                "the state of \(owner) is left out: it has \(variables.count) values, but "
                    + "\(found.tensors.count) are in the file")
            return []
        }
        return try withCure { () throws(FileError) in
            try locating(in: "optimizer/vars") { () throws(FileError) in
                try weights.values(of: variables, at: path, owner: owner)
            }
        }
    }
}
