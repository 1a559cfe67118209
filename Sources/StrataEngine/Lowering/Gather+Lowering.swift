internal import StrataGraph

extension PlanBuilder {
    mutating func lowerGather(_ node: Graph.Call, _ result: Graph.Value) throws(EngineError) {
        let reads = [try plainBuffer(node.inputs[0]), try plainBuffer(node.inputs[1])]
        let table = graph.shape(node.inputs[0])
        let dtype = graph[result].dtype
        let buffer = define(result, try .plain(graph.shape(result), dtype))
        append(
            Plan.Step(
                name: "gather",
                kind: .gather(
                    rows: table[0], count: graph.shape(node.inputs[1]).reduce(1, *),
                    rowByteCount: table.dropFirst().reduce(dtype.byteCount, *)), reads: reads,
                writes: [buffer]))
    }

    mutating func lowerScatterAdd(_ node: Graph.Call, _ result: Graph.Value)
        throws(EngineError)
    {
        let reads = [try floatBuffer(node.inputs[0]), try plainBuffer(node.inputs[1])]
        let table = graph.shape(result)
        let buffer = define(result, try .plain(table, .float32))
        append(
            Plan.Step(
                name: "scatterAdd",
                kind: .scatterAdd(
                    rows: table[0], count: graph.shape(node.inputs[1]).reduce(1, *),
                    width: table.dropFirst().reduce(1, *)), reads: reads, writes: [buffer]))
    }
}
