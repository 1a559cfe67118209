extension Layer {
    /// The layer's output in the model that it was called for (Keras's `layer.output`), from which
    /// another model can be made.
    ///
    /// ```swift
    /// let maps = try Model(model.inputs, model.getLayer(name: "conv2d").output)
    /// ```
    ///
    /// It carries an error if the layer was called several times, or in no model that still exists.
    public var output: SymbolicTensor {
        if let input = self as? InputLayer { return input.entry }
        guard callCount < 2, let call = lastCall, let output = call.outputs.first else {
            let problem = GraphError.Problem.invalidArgument(
                "\(name) was called \(callCount) times, so that it has no single output",
                fix: callCount < 2
                    ? "call the layer, and keep its model" : "use the tensor that the call returned"
            )
            return SymbolicTensor(failure: GraphError(problem))
        }
        return output
    }
}
