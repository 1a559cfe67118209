extension Layer {
    /// The weight of this layer called `name`, or one of an inner layer by its path.
    ///
    /// ```swift
    /// let conv = Conv2D(32, kernelSize: 3)
    /// _ = conv(Input(shape: [28, 28, 1]))
    /// let kernel = try conv.weight("kernel").value  // of shape [3, 3, 1, 32]
    /// ```
    ///
    /// - Parameter name: Keras's name: `kernel`, `bias`, `gamma`; in an inner layer
    ///   `conv2d/kernel`.
    /// - Throws: a ``ModelError`` that lists the weights if there is none of that name.
    public func weight(_ name: String) throws -> Variable {
        let named = namedWeights
        if let found = named.first(where: { $0.name == name }) { return found.variable }
        let fix =
            builtShapes == nil && named.isEmpty
            ? "call the layer on an input first: it has no weights yet"
            : named.isEmpty
                ? "take another layer: this one has no weights"
                : "take one of: \(named.map(\.name).joined(separator: ", "))"
        throw ModelError(
            .invalidArgument("layer \(self.name) has no weight \(name)", fix: fix))
    }

    /// All weights with their paths from this layer, in the order of ``weights``.
    private var namedWeights: [(name: String, variable: Variable)] {
        let own = Set(variables)
        return weights.filter(own.contains).map { ($0.name, $0) }
            + sublayers.flatMap { layer in
                layer.namedWeights.map { ("\(layer.name)/\($0.name)", $0.variable) }
            }
    }

    /// The values of all weights, in the order of ``Layer/weights``.
    ///
    /// - Throws: a ``VariableError`` where the engine cannot give a value.
    public func getWeights() throws -> [Tensor] { try weights.map { try $0.value } }

    /// Replaces all weights.
    ///
    /// - Parameter values: one tensor for each of ``Layer/weights``, in that order.
    /// - Throws: a ``ModelError`` if the number of tensors or a shape differs; then nothing has
    ///   changed.
    public func setWeights(_ values: [Tensor]) throws {
        let variables = weights
        guard values.count == variables.count else {
            throw ModelError(.wrongWeightCount(got: values.count, expected: variables.count))
        }
        for (variable, value) in zip(variables, values) where variable.shape != value.shape {
            throw ModelError(
                .wrongWeightShape(
                    name: variable.name, got: value.shape, expected: variable.shape))
        }
        let objects = { Set(variables.map { ObjectIdentifier($0) }) }
        let kind = self is Model ? "model" : "layer"
        try ThreadUse.during(.computing, of: "\(kind) \(name)", objects) {
            for (variable, value) in zip(variables, values) { try variable.assign(value) }
        }
    }
}
