/// A computation in order: every node comes after what it reads.
///
/// A graph is made from its output tensors. Equal calls on equal inputs are one node, and unused
/// nodes are left out.
package struct Graph: Sendable, Hashable {
    /// An output of a node.
    package struct Value: Sendable, Hashable {
        package var node: Int
        package var output: Int

        package init(node: Int, output: Int) {
            self.node = node
            self.output = output
        }
    }

    package struct Call: Sendable, Hashable {
        package var operation: Operation
        package var inputs: [Value]
        package var outputs: [TensorType]
    }

    /// A variable that takes a new value at the end of the step.
    package struct Update: Sendable, Hashable {
        package var variable: Variable
        package var value: Value
    }

    package private(set) var nodes: [Call] = []
    package private(set) var outputs: [Value] = []
    package private(set) var updates: [Update] = []

    /// A graph that computes `outputs` and then assigns new values to variables.
    ///
    /// - Throws: the first error that one of the tensors carries, or that a dimension is unknown.
    package init(
        outputs: [SymbolicTensor], updates: [(variable: Variable, value: SymbolicTensor)] = []
    ) throws(GraphError) {
        var builder = GraphBuilder()
        for tensor in outputs { self.outputs.append(try builder.add(tensor)) }
        for (variable, tensor) in updates {
            let value = try builder.add(tensor.cast(to: variable.dtype))
            self.updates.append(Update(variable: variable, value: value))
        }
        nodes = builder.nodes
    }

    /// A graph of these nodes, without those that neither an output nor an update needs.
    init(nodes: [Call], outputs: [Value], updates: [Update]) {
        var isNeeded = Array(repeating: false, count: nodes.count)
        for value in outputs + updates.map(\.value) { isNeeded[value.node] = true }
        for number in nodes.indices.reversed() where isNeeded[number] {
            for input in nodes[number].inputs { isNeeded[input.node] = true }
        }
        var numbers: [Int] = []
        for number in nodes.indices {
            numbers.append(self.nodes.count)
            guard isNeeded[number] else { continue }
            var node = nodes[number]
            node.inputs = node.inputs.map { Value(node: numbers[$0.node], output: $0.output) }
            self.nodes.append(node)
        }
        self.outputs = outputs.map { Value(node: numbers[$0.node], output: $0.output) }
        self.updates = updates.map {
            Update(
                variable: $0.variable,
                value: Value(node: numbers[$0.value.node], output: $0.value.output))
        }
    }

    package subscript(value: Value) -> TensorType { nodes[value.node].outputs[value.output] }

    /// The dimensions of a value; all are known in a graph.
    package func shape(_ value: Value) -> [Int] { self[value].shape.known ?? [] }

    /// All variables that are read or updated, in the order of their first mention.
    package var variables: [Variable] {
        var seen: Set<Variable> = []
        var result: [Variable] = []
        for node in nodes {
            if case .variable(let variable) = node.operation, seen.insert(variable).inserted {
                result.append(variable)
            }
        }
        for update in updates where seen.insert(update.variable).inserted {
            result.append(update.variable)
        }
        return result
    }
}

/// Puts nodes in order and finds equal ones.
private struct GraphBuilder {
    var nodes: [Graph.Call] = []
    private var numbers: [NodeReference: Int] = [:]
    private var known: [Key: Int] = [:]

    private struct Key: Hashable {
        var operation: Operation
        var inputs: [Graph.Value]
    }

    mutating func add(_ tensor: SymbolicTensor) throws(GraphError) -> Graph.Value {
        guard case .value(let root, let output) = tensor.content else {
            throw tensor.error ?? GraphError(.noGradient("a failed tensor"))
        }
        var stack: [(node: Node, next: Int)] = [(root, 0)]
        while let (node, next) = stack.popLast() {
            if numbers[NodeReference(node)] != nil { continue }
            if next < node.inputs.count {
                stack.append((node, next + 1))
                if let error = node.inputs[next].error { throw error }
                if let input = node.inputs[next].node, numbers[NodeReference(input)] == nil {
                    stack.append((input, 0))
                }
                continue
            }
            try number(node)
        }
        return Graph.Value(node: numbers[NodeReference(root)] ?? 0, output: output)
    }

    private mutating func number(_ node: Node) throws(GraphError) {
        if let unknown = node.outputs.first(where: { $0.shape.known == nil }) {
            throw GraphError(.unknownDimension(unknown.shape, needed: "every dimension"))
        }
        let inputs = node.inputs.compactMap { input -> Graph.Value? in
            guard case .value(let source, let output) = input.content,
                let number = numbers[NodeReference(source)]
            else { return nil }
            return Graph.Value(node: number, output: output)
        }
        let key = Key(operation: node.operation, inputs: inputs)
        if let same = known[key], nodes[same].outputs == node.outputs {
            numbers[NodeReference(node)] = same
            return
        }
        nodes.append(
            Graph.Call(operation: node.operation, inputs: inputs, outputs: node.outputs))
        numbers[NodeReference(node)] = nodes.count - 1
        known[key] = nodes.count - 1
    }
}
