extension SymbolicTensor {
    /// The gradients of this scalar with respect to other values, in their order.
    ///
    /// The graph is traversed once, from the scalar back to the values; only nodes on a path
    /// between them are visited. The result consists of ordinary operations. A value that the
    /// scalar does not depend on has a gradient of zeros.
    ///
    /// - Parameter values: inputs, variables or any intermediate values.
    public func gradients(withRespectTo values: [SymbolicTensor]) -> [SymbolicTensor] {
        gradients(withRespectTo: values, noting: nil)
    }

    /// The same, and tells what the gradient of each operation consists of.
    ///
    /// - Parameter note: receives each operation on the way back, and the gradients of its inputs.
    package func gradients(
        withRespectTo values: [SymbolicTensor], noting note: ((Node, [SymbolicTensor]) -> Void)?
    ) -> [SymbolicTensor] {
        if let error { return values.map { _ in SymbolicTensor(failure: error) } }
        let order = nodesOnTheWay(from: values)
        var gradients: [Key: [SymbolicTensor]] = [:]
        if let key { gradients[key] = [.constant(1).broadcast(to: shape)] }
        for node in order.reversed() {
            let outputs = node.outputs.indices.map { SymbolicTensor(node, output: $0) }
            let arrived = outputs.map { $0.key.flatMap { gradients[$0] }.map(Self.sum) }
            for case (let key?, let gradient?) in zip(outputs.map(\.key), arrived) {
                gradients[key] = [gradient]
            }
            guard arrived.contains(where: { $0 != nil }),
                let definition = node.operation.definition
            else { continue }
            let call = OperationCall(inputs: node.inputs, outputs: outputs)
            let results = definition.gradient(call, arrived)
            note?(node, results.compactMap(\.self))
            for (input, gradient) in zip(node.inputs, results) {
                guard let key = input.key, let gradient, order.contains(key.node) else {
                    continue
                }
                gradients[key, default: []].append(gradient)
            }
        }
        return values.map { value in
            value.key.flatMap { gradients[$0] }.map(Self.sum)
                ?? SymbolicTensor.constant(0).broadcast(
                    to: value.shape)
        }
    }

    /// An output of a node, as a key.
    fileprivate struct Key: Hashable {
        var node: NodeReference
        var output: Int
    }

    fileprivate var key: Key? {
        if case .value(let node, let output) = content {
            Key(node: NodeReference(node), output: output)
        } else {
            nil
        }
    }

    /// The nodes between `values` and this tensor, inputs before their users.
    private func nodesOnTheWay(from values: [SymbolicTensor]) -> OrderedNodes {
        let sources = Set(values.compactMap { $0.key?.node })
        var onTheWay: [NodeReference: Bool] = [:]
        var order = OrderedNodes()
        // An explicit stack: a deep model must not overflow the thread's stack.
        var stack: [(node: Node, next: Int)] = node.map { [($0, 0)] } ?? []
        while let (node, next) = stack.popLast() {
            let reference = NodeReference(node)
            if next == 0, onTheWay[reference] != nil { continue }
            if next < node.inputs.count {
                stack.append((node, next + 1))
                if let input = node.inputs[next].node, onTheWay[NodeReference(input)] == nil {
                    stack.append((input, 0))
                }
                continue
            }
            let depends = node.inputs.contains { input in
                input.key.map { onTheWay[$0.node] == true } ?? false
            }
            let isOn = sources.contains(reference) || depends
            if onTheWay[reference] == nil, isOn { order.append(node) }
            onTheWay[reference] = isOn
        }
        return order
    }
}

/// A node compared by identity; nodes that read one variable are the same.
package struct NodeReference: Hashable {
    package let node: Node

    package init(_ node: Node) {
        self.node = node
    }

    private var identifier: ObjectIdentifier {
        if case .variable(let variable) = node.operation {
            ObjectIdentifier(variable)
        } else {
            ObjectIdentifier(node)
        }
    }

    package static func == (left: NodeReference, right: NodeReference) -> Bool {
        left.identifier == right.identifier
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(identifier)
    }
}

private struct OrderedNodes {
    private var nodes: [Node] = []
    private var members: Set<NodeReference> = []

    mutating func append(_ node: Node) {
        nodes.append(node)
        members.insert(NodeReference(node))
    }

    func contains(_ reference: NodeReference) -> Bool { members.contains(reference) }

    func reversed() -> ReversedCollection<[Node]> { nodes.reversed() }
}
