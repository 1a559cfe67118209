internal import COneDNN
internal import StrataGraph

extension PlanBuilder {
    /// The primitive for a product of matrices that lie so.
    func product(
        _ source: MemoryDescriptor, _ weights: MemoryDescriptor, bias: MemoryDescriptor? = nil,
        _ destination: MemoryDescriptor, _ postOps: PostOps = PostOps()
    ) throws(EngineError) -> PrimitiveDescriptor {
        var (a, b, c) = (source.raw, weights.raw, destination.raw)
        var row = bias?.raw ?? strata_md()
        return try PrimitiveDescriptor.make(
            "product of \(source.dims) and \(weights.dims)", postOps
        ) { descriptor, engine, attributes in
            withUnsafePointer(to: &row) {
                strata_matmul(
                    descriptor, engine, attributes, &a, &b, bias == nil ? nil : $0, &c)
            }
        }
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
