// Patterns for rewriting graphs and for fusion.
extension Graph {
    /// Whether a value is a given scalar.
    package func isNumber(_ number: Float, _ value: Value) -> Bool {
        guard case .constant(let tensor) = nodes[value.node].operation, tensor.count == 1,
            tensor.dtype.isFloatingPoint
        else { return false }
        return tensor.scalars[0] == number
    }

    /// The factor that a node multiplies by "something is above 0", as in ReLU's gradient, and the
    /// comparison; `nil` for other nodes.
    package func masked(_ number: Int) -> (value: Value, comparison: Int)? {
        let node = nodes[number]
        guard case .binary(.multiply) = node.operation else { return nil }
        for (value, mask) in [(0, 1), (1, 0)].map({ (node.inputs[$0], node.inputs[$1]) }) {
            if case .binary(.greater) = nodes[mask.node].operation,
                isNumber(0, nodes[mask.node].inputs[1])
            {
                return (value, mask.node)
            }
        }
        return nil
    }
}
