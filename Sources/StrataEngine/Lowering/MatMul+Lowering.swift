internal import StrataGraph

extension PlanBuilder {
    mutating func lowerMatMul(_ node: Graph.Call, _ result: Graph.Value) throws(EngineError) {
        let dtype = graph[result].dtype
        let (left, right) = (graph.shape(node.inputs[0]), graph.shape(node.inputs[1]))
        // Row-major throughout: what comes before and after is reshapes and transposes, which are so.
        let source = try MemoryDescriptor.plain(left, dtype)
        let weights = try MemoryDescriptor.plain(right, dtype)
        let destination = try MemoryDescriptor.plain(graph.shape(result), dtype)
        let descriptor = try PrimitiveDescriptor.product(source, weights, destination)
        let reads = [
            (Argument.source, source, try plainBuffer(node.inputs[0])),
            (Argument.weights, weights, try plainBuffer(node.inputs[1])),
        ]
        let buffer = define(result, destination)
        append(
            "matMul", descriptor, reads: reads,
            writes: [(Argument.destination, destination, buffer)])
    }
}
