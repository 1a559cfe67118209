internal import COneDNN
internal import StrataGraph

extension PlanBuilder {
    /// The primitive for a product of matrices that lie so.
    func product(
        _ source: MemoryDescriptor, _ weights: MemoryDescriptor, bias: MemoryDescriptor? = nil,
        _ destination: MemoryDescriptor, _ postOps: PostOps = PostOps()
    ) throws(EngineError) -> PrimitiveDescriptor {
        try PrimitiveDescriptor.make(
            "product of \(source.dims) and \(weights.dims)",
            [source, weights, bias, destination], postOps
        ) { strata_matmul($0, $1, $2, $3[0], $3[1], $3[2], $3[3]) }
    }

    mutating func lowerMatMul(_ node: Graph.Call, _ result: Graph.Value) throws(EngineError) {
        let dtype = graph[result].dtype
        let (left, right) = (graph.shape(node.inputs[0]), graph.shape(node.inputs[1]))
        // Row-major throughout: what comes before and after is reshapes and transposes, which are so.
        let source = try MemoryDescriptor.plain(left, dtype)
        let weights = try MemoryDescriptor.plain(right, dtype)
        let destination = try MemoryDescriptor.plain(graph.shape(result), dtype)
        let descriptor = try product(source, weights, destination)
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
