/// A rewriting of a graph in which some nodes are replaced.
///
/// The new graph is made in one pass: nodes keep their order, the nodes of a replacement come
/// before the replaced one, and unused nodes are left out.
struct GraphRewriting {
    private let old: Graph
    private var replacements: [Int: (inout GraphRewriting) -> Graph.Value] = [:]
    private var nodes: [Graph.Call] = []
    /// The first outputs of the old graph's nodes in the new one.
    private var firsts: [Graph.Value] = []

    init(_ graph: Graph) { old = graph }

    /// Replaces the only output of a node; `value` is called when everything before the node
    /// exists.
    mutating func replace(
        _ number: Int, with value: @escaping (inout GraphRewriting) -> Graph.Value
    ) {
        replacements[number] = value
    }

    /// A value of the old graph in the new one.
    subscript(value: Graph.Value) -> Graph.Value {
        let first = firsts[value.node]
        return Graph.Value(node: first.node, output: first.output + value.output)
    }

    /// The node of a value of the new graph.
    func type(of value: Graph.Value) -> TensorType { nodes[value.node].outputs[value.output] }

    /// The source of a value of the new graph that was only rounded to `bfloat16`, otherwise the
    /// value.
    func unrounded(_ value: Graph.Value) -> Graph.Value {
        guard case .cast(.bfloat16) = nodes[value.node].operation else { return value }
        return nodes[value.node].inputs[0]
    }

    /// Appends a node to the new graph; returns its first output.
    mutating func add(_ operation: Operation, _ inputs: [Graph.Value], _ outputs: [TensorType])
        -> Graph.Value
    {
        nodes.append(Graph.Call(operation: operation, inputs: inputs, outputs: outputs))
        return Graph.Value(node: nodes.count - 1, output: 0)
    }

    mutating func result() -> Graph {
        if replacements.isEmpty { return old }
        for (number, node) in old.nodes.enumerated() {
            if let replacement = replacements[number] {
                firsts.append(replacement(&self))
            } else {
                firsts.append(add(node.operation, node.inputs.map { self[$0] }, node.outputs))
            }
        }
        return Graph(
            nodes: nodes, outputs: old.outputs.map { self[$0] },
            updates: old.updates.map { Graph.Update(variable: $0.variable, value: self[$0.value]) })
    }
}
