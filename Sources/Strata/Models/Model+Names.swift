extension Model {
    /// A model with named inputs and outputs, as Keras's dictionaries.
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
    /// In lists such as ``inputs``, ``outputs`` and the targets of `fit`, tensors are in the order
    /// of their names, as in Keras. Losses and metrics are logged by the outputs' names.
    ///
    /// - Throws: as ``init(inputs:outputs:name:)``, and if an input's layer has another name, since
    ///   Keras finds inputs by the names of their layers.
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

    /// The names of the inputs: those given to the initializer, or those of the input layers.
    public var inputNames: [String] {
        inputStructure?.names ?? inputs.map { ($0.producer as? LayerCall)?.layer.name ?? name }
    }

    /// The names of the outputs in logs: those given to the initializer, or those of the output
    /// layers.
    public var outputNames: [String] {
        outputStructure?.names ?? outputs.map { ($0.producer as? LayerCall)?.layer.name ?? name }
    }
}
