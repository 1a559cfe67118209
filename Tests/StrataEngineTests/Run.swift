import StrataEngine
import StrataGraph
import StrataTestSupport

extension Executable {
    /// Fills the inputs by name.
    func fill(_ values: [String: ReferenceTensor]) {
        for (index, input) in plan.inputs.enumerated() {
            guard let value = values[input.name] else { continue }
            value.tensor(input.endpoint.dtype).withUnsafeBytes { bytes in
                self.input(index).copyMemory(from: bytes)
            }
        }
    }

    var results: [Tensor] { plan.outputs.indices.map { outputTensor($0) } }
}

/// Plans and runs a graph, and says how it differs from what the reference interpreter computes.
///
/// - Returns: a line for each output or update that differs; empty where all agree.
func differences(
    _ outputs: [SymbolicTensor], updates: [(variable: Variable, value: SymbolicTensor)] = [],
    inputs: [String: ReferenceTensor] = [:]
) throws -> String {
    let graph = try Graph(outputs: outputs, updates: updates)
    let expected = try graph.expected(inputs: inputs)
    let executable = try Executable(Plan(graph))
    executable.fill(inputs)
    try executable.run()
    let results = try executable.results + graph.updates.map { try $0.variable.value }
    let found = expected.differences(from: results)
    return found.isEmpty ? "" : "\(found)\n\(graph)\n\(executable.plan)"
}

/// The names of the steps that a graph's plan has of an implementation.
func steps(of graph: Graph, by implementation: String) throws -> [String] {
    try Plan(graph).steps.filter { $0.implementation == implementation }.map(\.name)
}

extension SymbolicTensor {
    /// A function of every element, where there is one.
    func activated(by function: UnaryFunction?) -> SymbolicTensor {
        function.map { SymbolicTensor.apply(.unary($0), self) } ?? self
    }
}
