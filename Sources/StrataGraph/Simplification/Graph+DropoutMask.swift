extension Graph {
    /// The same computation, with the masks of dropout after ReLU recovered from the results.
    ///
    /// With r = relu(x) and d = dropout(r), the gradient of x is dropout(g) · (r > 0), which would
    /// draw the mask again and keep r. Where r > 0, d > 0 means that the element was kept, so g /
    /// (1 − rate) · (d > 0) is the same value, draws nothing and frees r's memory.
    package func readingDropoutMasks() -> Graph {
        struct Draw: Hashable {
            var dropout: Dropout
            var inputs: [Value]
        }
        var results: [Draw: Int] = [:]
        for (number, node) in nodes.enumerated() {
            if case .dropout(let dropout) = node.operation {
                results[Draw(dropout: dropout, inputs: node.inputs)] = number
            }
        }
        guard !results.isEmpty else { return self }

        var rewriting = GraphRewriting(self)
        for (number, node) in nodes.enumerated() {
            guard let (gradient, comparison) = masked(number) else { continue }
            let (dropped, compared) = (nodes[gradient.node], nodes[comparison])
            guard case .dropout(let dropout) = dropped.operation,
                let result = results[
                    Draw(
                        dropout: dropout,
                        inputs: [compared.inputs[0]] + dropped.inputs.dropFirst())],
                result < number, result != gradient.node
            else { continue }
            rewriting.replace(number) { graph in
                let scale = graph.add(
                    .constant(Tensor(1 / (1 - dropout.rate))), [], [TensorType(Shape([]))])
                let scaled = graph.add(
                    .binary(.multiply), [graph[dropped.inputs[0]], scale], dropped.outputs)
                let kept = graph.add(
                    compared.operation,
                    [graph[Value(node: result, output: 0)], graph[compared.inputs[1]]],
                    compared.outputs)
                return graph.add(node.operation, [scaled, kept], node.outputs)
            }
        }
        return rewriting.result()
    }
}
