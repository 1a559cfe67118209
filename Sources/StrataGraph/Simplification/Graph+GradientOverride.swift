extension Graph {
    /// The same computation without operations that only give a gradient.
    package func withoutGradientOverrides() -> Graph {
        var rewriting = GraphRewriting(self)
        for (number, node) in nodes.enumerated() {
            guard case .gradientOverride = node.operation else { continue }
            rewriting.replace(number) { graph in graph[node.inputs[0]] }
        }
        return rewriting.result()
    }
}
