extension Graph: CustomStringConvertible {
    /// The graph as text, a line for each node: `%3 = convolution(%0, %1, %2) float32[2, 3, 3, 4]`.
    package var description: String {
        var lines = nodes.enumerated().map { number, node in
            let inputs = node.inputs.map(label).joined(separator: ", ")
            let types = node.outputs.map(\.description).joined(separator: ", ")
            let call = node.operation.definition == nil ? "" : "(\(inputs))"
            return "%\(number) = \(node.operation.label)\(call) \(types)"
        }
        lines.append("return \(outputs.map(label).joined(separator: ", "))")
        lines += updates.map { "\($0.variable.name) <- \(label($0.value))" }
        return lines.joined(separator: "\n")
    }

    private func label(_ value: Value) -> String {
        nodes[value.node].outputs.count == 1
            ? "%\(value.node)" : "%\(value.node).\(value.output)"
    }
}
