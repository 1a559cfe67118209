internal import StrataGraph

extension PlanBuilder {
    mutating func lowerGather(_ node: Graph.Call, _ result: Graph.Value) throws(EngineError) {
        let table = graph.shape(node.inputs[0])
        let dtype = graph[result].dtype
        append(
            "gather", flops: flops,
            GatherKernel(
                rows: table[0], count: graph.shape(node.inputs[1]).reduce(1, *),
                rowByteCount: table.dropFirst().reduce(dtype.byteCount, *),
                table: try plainBuffer(node.inputs[0]), indices: try plainBuffer(node.inputs[1]),
                result: define(result, try .plain(graph.shape(result), dtype))))
    }

    mutating func lowerScatterAdd(_ node: Graph.Call, _ result: Graph.Value)
        throws(EngineError)
    {
        let table = graph.shape(result)
        append(
            "scatterAdd", flops: flops,
            ScatterAddKernel(
                rows: table[0], count: graph.shape(node.inputs[1]).reduce(1, *),
                width: table.dropFirst().reduce(1, *), source: try floatBuffer(node.inputs[0]),
                indices: try plainBuffer(node.inputs[1]),
                table: define(result, try .plain(table, .float32))))
    }
}
