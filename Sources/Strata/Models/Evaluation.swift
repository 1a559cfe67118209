internal import StrataGraph

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
        try computeEngine.prepare(graph).evaluate(inputs)
    }
}
