extension Model {
    /// A model with inputs and outputs by names, which Keras calls with dictionaries.
    ///
    /// ```swift
    /// let image = Input(shape: [28, 28, 1], name: "image")
    /// let x = Flatten()(image)
    /// let model = try Model(
    ///     inputs: ["image": image],
    ///     outputs: ["kind": Dense(10, activation: .softmax)(x), "size": Dense(1)(x)])
    /// let size = try model.predict(["image": Tensor.zeros([1, 28, 28, 1])])["size"]
    /// ```
    ///
    /// Where tensors stand in lists, as in ``inputs``, ``outputs`` and the targets of `fit`, they are in the
    /// order of their names, as in Keras. Losses and metrics are logged by the outputs' names.
    ///
    /// - Throws: as ``init(inputs:outputs:name:)`` does, and where an input was made with another name, as Keras
    ///   finds inputs by the names of their layers.
    public convenience init(
        inputs: [String: SymbolicTensor], outputs: [String: SymbolicTensor], name: String? = nil
    ) throws {
        func ordered(_ tensors: [String: SymbolicTensor]) -> [SymbolicTensor] {
            tensors.sorted { $0.key < $1.key }.map(\.value)
        }
        for (key, input) in inputs.sorted(by: { $0.key < $1.key }) {
            let own = (input.producer as? LayerCall)?.layer.name
            if let own, own != key {
                throw GraphError(
                    .invalidArgument(
                        "the input \(key) was made with the name \(own)",
                        fix: "make it with Input(shape:name:), with the name \(key)"))
            }
        }
        try self.init(inputs: ordered(inputs), outputs: ordered(outputs), name: name)
        inputStructure = .dictionary(inputs.mapValues { _ in .tensor })
        outputStructure = .dictionary(outputs.mapValues { _ in .tensor })
    }

    /// The names of the inputs: those that the model was made with, else those of the layers where data
    /// enters.
    public var inputNames: [String] {
        inputStructure?.names ?? inputs.map { ($0.producer as? LayerCall)?.layer.name ?? name }
    }

    /// The names of the outputs, by which losses and metrics are logged: those that the model was made with,
    /// else those of the layers that made them.
    public var outputNames: [String] {
        outputStructure?.names ?? outputs.map { ($0.producer as? LayerCall)?.layer.name ?? name }
    }

    /// What the model gives for inputs by their names.
    ///
    /// - Parameters:
    ///   - x: for each of ``inputNames`` the samples.
    ///   - batchSize: how many samples go through the model at once.
    ///   - verbose: how progress is shown.
    /// - Returns: for each of ``outputNames`` one row for each sample.
    /// - Throws: a ``ModelError`` where an input is missing or has no such name, or the samples do not fit.
    public func predict(
        _ x: [String: Tensor], batchSize: Int = 32, verbose: Verbosity = .silent
    ) throws -> [String: Tensor] {
        let names = inputNames
        for name in x.keys.sorted() where !names.contains(name) {
            throw ModelError(
                .invalidArgument(
                    "the model has no input \(name)", fix: "use \(names.joined(separator: ", "))"))
        }
        let values = try names.map { name in
            guard let value = x[name] else {
                throw ModelError(
                    .invalidArgument(
                        "the input \(name) is missing", fix: "give a tensor for \(name)"))
            }
            return value
        }
        let outputs = try predict(values, batchSize: batchSize, verbose: verbose)
        return Dictionary(zip(outputNames, outputs)) { first, _ in first }
    }
}
