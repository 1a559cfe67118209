extension Graph {
    /// The same computation, in which a batch normalization that is computed only for its mean and variance is left
    /// out where another one of the same values has them too.
    ///
    /// Keras computes the moments of a batch by one operation and normalizes by another.
    package func sharingStatistics() -> Graph {
        let isNormalized = Set(
            (nodes.flatMap(\.inputs) + outputs + updates.map(\.value))
                .filter { $0.output == 0 }.map(\.node))
        var normalizations: [Value: Int] = [:]
        var moments: [Int] = []
        for (number, node) in nodes.enumerated() {
            guard case .batchNormalization(let normalization) = node.operation,
                !normalization.usesGivenStatistics
            else { continue }
            if !isNormalized.contains(number) {
                moments.append(number)
            } else if normalizations[node.inputs[0]] == nil {
                normalizations[node.inputs[0]] = number
            }
        }
        let dependent = dependents(of: moments)
        var replacements: [Int: Int] = [:]
        for number in moments {
            guard let other = normalizations[nodes[number].inputs[0]], !dependent[other] else {
                continue
            }
            replacements[number] = other
        }
        return replacements.isEmpty ? self : replacing(replacements)
    }

    /// Which nodes are some given ones, or depend on them.
    private func dependents(of sources: [Int]) -> [Bool] {
        var result = Array(repeating: false, count: nodes.count)
        for number in sources { result[number] = true }
        for (number, node) in nodes.enumerated() where !result[number] {
            result[number] = node.inputs.contains { result[$0.node] }
        }
        return result
    }

    /// The graph with the outputs of other nodes in place of those of some, in an order that fits.
    private func replacing(_ replacements: [Int: Int]) -> Graph {
        func replaced(_ value: Value) -> Value {
            Value(node: replacements[value.node] ?? value.node, output: value.output)
        }
        var numbers: [Int?] = Array(repeating: nil, count: nodes.count)
        var ordered: [Call] = []
        func moved(_ value: Value) -> Value {
            let source = replaced(value)
            return Value(node: numbers[source.node] ?? 0, output: source.output)
        }
        for root in nodes.indices where replacements[root] == nil {
            var stack = [root]
            while let top = stack.last {
                let missing = nodes[top].inputs.map { replaced($0).node }
                    .filter { numbers[$0] == nil }
                if numbers[top] != nil {
                    stack.removeLast()
                } else if missing.isEmpty {
                    stack.removeLast()
                    numbers[top] = ordered.count
                    var call = nodes[top]
                    call.inputs = call.inputs.map(moved)
                    ordered.append(call)
                } else {
                    stack += missing.reversed()
                }
            }
        }
        return Graph(
            nodes: ordered, outputs: outputs.map(moved),
            updates: updates.map { Update(variable: $0.variable, value: moved($0.value)) })
    }
}
