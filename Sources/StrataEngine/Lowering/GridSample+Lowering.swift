internal import StrataGraph

extension PlanBuilder {
    mutating func lowerGridSample(
        _ gridSample: GridSample, _ node: Graph.Call, _ result: Graph.Value, isBackward: Bool
    ) throws(EngineError) {
        let source = try floatBuffer(node.inputs[0])
        let grid = try floatBuffer(node.inputs[1])
        let (given, made) = (graph.shape(node.inputs[0]), graph.shape(result))
        let buffer = define(result, try .plain(made, .float32))
        append(
            node.operation.name, flops: flops,
            GridSampleKernel(
                gridSample: gridSample, imageShape: isBackward ? made : given,
                sampleShape: isBackward ? given : made, isBackward: isBackward,
                images: isBackward ? buffer : source, grid: grid,
                samples: isBackward ? source : buffer))
    }

    mutating func lowerEqualization(
        _ equalization: Equalization, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        let shape = graph.shape(result)
        append(
            equalization.name, flops: flops,
            HistogramEqualizationKernel(
                count: shape.dropLast().reduce(1, *), channels: shape.last ?? 1,
                bins: equalization.bins, source: try floatBuffer(node.inputs[0]),
                result: define(result, try .plain(shape, .float32)),
                histogram: newBuffer(equalization.bins * 4)))
    }
}
