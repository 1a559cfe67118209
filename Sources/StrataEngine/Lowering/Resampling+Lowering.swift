internal import StrataGraph

extension PlanBuilder {
    mutating func lowerResampling(
        _ resampling: Resampling, _ node: Graph.Call, _ result: Graph.Value, isBackward: Bool
    ) throws(EngineError) {
        let reads = [try floatBuffer(node.inputs[0]), try floatBuffer(node.inputs[1])]
        let (given, made) = (graph.shape(node.inputs[0]), graph.shape(result))
        let buffer = define(result, try .plain(made, .float32))
        append(
            Plan.Step(
                name: isBackward ? ResamplingBackward.name : Resampling.name,
                kind: .resampling(
                    resampling, source: isBackward ? made : given,
                    destination: isBackward ? given : made, isBackward: isBackward),
                reads: reads, writes: [buffer]))
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
