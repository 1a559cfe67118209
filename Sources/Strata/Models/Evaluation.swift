internal import StrataEngine

/// Evaluates tensors once, with a plan that is not kept.
///
/// - Parameters:
///   - tensors: the tensors to compute.
///   - inputs: the values of the inputs, by name.
///   - updates: variables with their new values.
/// - Throws: a ``GraphError`` if a tensor carries one, or the engine's error.
package func evaluate(
    _ tensors: [SymbolicTensor], inputs: [String: Tensor] = [:],
    updates: [(variable: Variable, value: SymbolicTensor)] = []
) throws -> [Tensor] {
    let graph = try Graph(outputs: tensors, updates: updates)
    let variables = Set(graph.variables.map { ObjectIdentifier($0) })
    return try ThreadUse.during(.computing, of: "a computation", { variables }) {
        try run(graph, inputs)
    }
}

private func run(_ graph: Graph, _ inputs: [String: Tensor]) throws -> [Tensor] {
    let executable = try Executable(Plan(graph))
    for (index, input) in executable.plan.inputs.enumerated() {
        guard let tensor = inputs[input.name], tensor.shape == input.endpoint.shape else {
            throw EngineError("input \(input.name) needs a value of shape \(input.endpoint.shape)")
        }
        executable.feed(index, tensor.cast(to: input.endpoint.dtype))
    }
    try executable.run()
    return executable.plan.outputs.indices.map { executable.outputTensor($0) }
}
