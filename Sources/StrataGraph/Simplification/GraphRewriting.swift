/// A graph in which some nodes are to read other inputs.
///
/// The new graph is made in one walk: nodes keep their order, what a replacement needs is put before
/// the node that reads it, and what nobody reads any more is left out.
struct GraphRewriting {
    private let old: Graph
    private var replacements: [Int: (inout GraphRewriting) -> [Graph.Value]] = [:]
    private var nodes: [Graph.Call] = []
    /// Where the outputs of the old graph's nodes are in the new one.
    private var numbers: [Int] = []

    init(_ graph: Graph) { old = graph }

    /// Has a node read what `inputs` makes; it is called when everything before the node is there.
    mutating func replaceInputs(
        of number: Int, with inputs: @escaping (inout GraphRewriting) -> [Graph.Value]
    ) {
        replacements[number] = inputs
    }

    /// A value of the old graph in the new one.
    subscript(value: Graph.Value) -> Graph.Value {
        Graph.Value(node: numbers[value.node], output: value.output)
    }

    /// Puts a new node with one output at the end of the new graph.
    mutating func add(_ operation: Operation, _ inputs: [Graph.Value], _ outputs: [TensorType])
        -> Graph.Value
    {
        nodes.append(Graph.Call(operation: operation, inputs: inputs, outputs: outputs))
        return Graph.Value(node: nodes.count - 1, output: 0)
    }

    mutating func result() -> Graph {
        if replacements.isEmpty { return old }
        for (number, node) in old.nodes.enumerated() {
            let inputs = replacements[number].map { $0(&self) } ?? node.inputs.map { self[$0] }
            nodes.append(
                Graph.Call(operation: node.operation, inputs: inputs, outputs: node.outputs))
            numbers.append(nodes.count - 1)
        }
        return Graph(
            nodes: nodes, outputs: old.outputs.map { self[$0] },
            updates: old.updates.map { Graph.Update(variable: $0.variable, value: self[$0.value]) })
    }
}
