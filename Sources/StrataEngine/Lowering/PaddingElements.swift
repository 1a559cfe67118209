internal import StrataGraph

extension ElementwiseAssembly {
    /// Whether the padding of a blocked layout stays 0: all results are 0 where all operands with an
    /// element for each of theirs are 0.
    var keepsZeros: Bool {
        var elements: [Graph.Value: PaddingElement] = [:]
        for operand in operands {
            if isFull(operand) {
                elements[operand] = .zero
            } else if case .constant(let tensor) = graph.nodes[operand.node].operation,
                tensor.count == 1
            {
                elements[operand] = PaddingElement(tensor.scalars[0])
            } else {
                elements[operand] = .finite
            }
        }
        for number in nodes {
            let node = graph.nodes[number]
            let inputs = node.inputs.map { elements[$0] ?? .unknown }
            elements[Graph.Value(node: number, output: 0)] =
                node.operation.definition?.padding(inputs) ?? .unknown
        }
        return results.allSatisfy { elements[$0] == .zero }
    }
}
