internal import StrataGraph

extension PlanBuilder {
    mutating func lowerResampling(
        _ resampling: Resampling, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        let reads = [try floatBuffer(node.inputs[0]), try floatBuffer(node.inputs[1])]
        let shape = graph.shape(result)
        let buffer = define(result, try .plain(shape, .float32))
        append(
            Plan.Step(
                name: Resampling.name,
                kind: .resampling(
                    resampling, source: graph.shape(node.inputs[0]), destination: shape,
                    isBackward: false), reads: reads, writes: [buffer]))
    }

    mutating func lowerResamplingBackward(
        _ backward: ResamplingBackward, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        let reads = [try floatBuffer(node.inputs[0]), try floatBuffer(node.inputs[1])]
        let shape = graph.shape(result)
        let buffer = define(result, try .plain(shape, .float32))
        append(
            Plan.Step(
                name: ResamplingBackward.name,
                kind: .resampling(
                    backward.resampling, source: shape,
                    destination: graph.shape(node.inputs[0]), isBackward: true), reads: reads,
                writes: [buffer]))
    }

    mutating func lowerEqualization(
        _ equalization: Equalization, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        let source = try floatBuffer(node.inputs[0])
        let shape = graph.shape(result)
        let channels = shape.last ?? 1
        let buffer = define(result, try .plain(shape, .float32))
        let counts = newBuffer(equalization.bins * 4)
        append(
            Plan.Step(
                name: Equalization.name,
                kind: .equalization(
                    count: shape.dropLast().reduce(1, *), channels: channels,
                    bins: equalization.bins), reads: [source], writes: [buffer, counts]))
    }
}
