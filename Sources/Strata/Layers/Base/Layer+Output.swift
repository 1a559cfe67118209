extension Layer {
    /// What the layer computes in the model that it was called for, to make another model of (Keras's
    /// `layer.output`).
    ///
    /// ```swift
    /// let maps = try Model(model.inputs, model.getLayer(name: "conv2d").output)
    /// ```
    ///
    /// It carries an error where the layer was called several times, or in no model that is still there.
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
