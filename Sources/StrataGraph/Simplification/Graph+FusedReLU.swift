extension Graph {
    /// The same computation, with ReLU before and after batch normalization fused into it and its
    /// gradient, which read and write the masked values anyway.
    package func fusingReLUs() -> Graph {
        var readers: [Value: [Int]] = [:]
        for (number, node) in nodes.enumerated() {
            for value in node.inputs { readers[value, default: []].append(number) }
        }
        for value in outputs + updates.map(\.value) { readers[value, default: []].append(-1) }
        var rewriting = GraphRewriting(self)
        /// The ReLU that is the only reader of a normalization's result, by the normalization.
        var relus: [Int: Int] = [:]
        for (number, node) in nodes.enumerated() {
            guard case .unary(.relu) = node.operation,
                case .batchNormalization(var normalization) = nodes[node.inputs[0].node].operation,
                !normalization.usesGivenStatistics, node.inputs[0].output == 0,
                readers[node.inputs[0]] == [number]
            else { continue }
            normalization.fusesReLU = true
            let (normalized, fused) = (node.inputs[0].node, normalization)
            relus[normalized] = number
            rewriting.replace(normalized) { [nodes] graph in
                let call = nodes[normalized]
                return graph.add(
                    .batchNormalization(fused), call.inputs.map { graph[$0] }, call.outputs)
            }
            rewriting.replace(number) { graph in graph[node.inputs[0]] }
        }
        for (number, node) in nodes.enumerated() {
            guard case .batchNormalizationBackward(var backward) = node.operation else { continue }
            var inputs = node.inputs
            let normalized = inputs[3].node
            if let relu = relus[normalized], readers[inputs[1]] == [number],
                let source = masked(inputs[1].node, by: Value(node: relu, output: 0))
            {
                backward.fusesReLU = true
                inputs[1] = source
                inputs.append(nodes[normalized].inputs[2])
            }
            let gradient = Value(node: number, output: 0)
            if let readers = readers[gradient], readers.count == 1, readers[0] >= 0,
                masked(readers[0], by: node.inputs[0]) == gradient
            {
                backward.masksBySource = true
                rewriting.replace(readers[0]) { graph in graph[gradient] }
            }
            let (operation, sources) = (Operation.batchNormalizationBackward(backward), inputs)
            guard operation != node.operation else { continue }
            rewriting.replace(number) { graph in
                graph.add(operation, sources.map { graph[$0] }, node.outputs)
            }
        }
        return rewriting.result()
    }

    /// The factor that a node multiplies by "`source` is above 0"; `nil` for other nodes.
    private func masked(_ number: Int, by source: Value) -> Value? {
        guard let (value, comparison) = masked(number), nodes[comparison].inputs[0] == source,
            nodes[value.node].outputs[value.output] == nodes[number].outputs[0]
        else { return nil }
        return value
    }
}
