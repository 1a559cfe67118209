extension Graph {
    /// The graph with other variables of the same types in the place of its own.
    ///
    /// - Parameter replacement: called once for each variable that the graph reads; a graph that updates
    ///   variables keeps the targets.
    package func replacingVariables(_ replacement: (Variable) -> Variable) -> Graph {
        var known: [Variable: Variable] = [:]
        var nodes = nodes
        for number in nodes.indices {
            guard case .variable(let variable) = nodes[number].operation else { continue }
            let new = known[variable] ?? replacement(variable)
            known[variable] = new
            nodes[number].operation = .variable(new)
        }
        return Graph(nodes: nodes, outputs: outputs, updates: updates)
    }
}
