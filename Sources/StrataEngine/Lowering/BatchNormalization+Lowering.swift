internal import COneDNN
internal import StrataGraph

extension PlanBuilder {
    /// gamma and beta one after the other, as oneDNN's fastest implementations want them.
    private mutating func scaleShift(_ gamma: Graph.Value, _ beta: Graph.Value?, channels: Int)
        throws(EngineError) -> (layout: MemoryDescriptor, buffer: Int)
    {
        let layout = try MemoryDescriptor.plain([2, channels], .float32)
        let memory = newBuffer(layout.byteCount)
        let sources = [gamma] + (beta.map { [$0] } ?? [])
        var kinds: [Plan.Step] = []
        for (row, value) in sources.enumerated() {
            let copy = StridedCopy(
                dims: [channels], sourceStrides: [1], destinationStrides: [1],
                destinationOffset: row * channels, elementSize: 4)
            kinds.append(
                Plan.Step(
                    name: "copy", kind: .copy(copy), reads: [try plainBuffer(value)],
                    writes: [memory]))
        }
        kinds.forEach { append($0) }
        return (layout, memory)
    }

    mutating func lowerBatchNormalization(
        _ normalization: BatchNormalization, _ node: Graph.Call, _ number: Int
    ) throws(EngineError) {
        let result = Graph.Value(node: number, output: 0)
        let shape = graph.shape(result)
        let channels = shape[shape.count - 1]
        let source = try imagePlacement(node.inputs[0])
        let layout = try source.layout.permuted(imageOrder(shape.count))
        let parameters = try scaleShift(node.inputs[1], node.inputs[2], channels: channels)
        var raw = layout.raw
        // For inference oneDNN keeps the batch's statistics to itself.
        let keepsStatistics = isTraining || !normalization.usesGivenStatistics
        let descriptor = try PrimitiveDescriptor.make("batch normalization of \(shape)") {
            strata_batch_normalization_forward(
                $0, $1, $2, keepsStatistics ? 1 : 0, normalization.usesGivenStatistics ? 1 : 0,
                &raw,
                normalization.epsilon)
        }
        let statistics = try MemoryDescriptor.plain([channels], .float32)
        var reads = [
            (Argument.source, layout, source.buffer),
            (Argument.scaleShift, parameters.layout, parameters.buffer),
        ]
        var writes = [(Argument.destination, layout, define(result, source.layout))]
        for (argument, place) in [(Argument.mean, 1), (Argument.variance, 2)] {
            if normalization.usesGivenStatistics {
                reads.append((argument, statistics, try plainBuffer(node.inputs[place + 2])))
            } else {
                let value = Graph.Value(node: number, output: place)
                writes.append((argument, statistics, define(value, statistics)))
            }
        }
        forward[result] = descriptor
        append("batchNormalization", descriptor, reads: reads, writes: writes)
    }

    mutating func lowerBatchNormalizationBackward(
        _ backward: BatchNormalizationBackward, _ node: Graph.Call, _ number: Int
    ) throws(EngineError) {
        let result = Graph.Value(node: number, output: 0)
        let shape = graph.shape(result)
        let channels = shape[shape.count - 1]
        guard let hint = forward[Graph.Value(node: node.inputs[3].node, output: 0)] else {
            throw EngineError("batch normalization's gradient comes without its forward pass")
        }
        let source = try imagePlacement(node.inputs[0])
        let layout = try source.layout.permuted(imageOrder(shape.count))
        let gradient = try buffer(for: node.inputs[1], as: source.layout)
        let parameters = try scaleShift(node.inputs[2], nil, channels: channels)
        var raw = layout.raw
        let descriptor = try PrimitiveDescriptor.make("gradient of a batch normalization") {
            strata_batch_normalization_backward(
                $0, $1, $2, hint.raw, &raw, &raw, backward.epsilon)
        }
        let statistics = try MemoryDescriptor.plain([channels], .float32)
        let gradients = newBuffer(parameters.layout.byteCount)
        append(
            "batchNormalizationBackward", descriptor,
            reads: [
                (Argument.source, layout, source.buffer),
                (Argument.diffDestination, layout, gradient),
                (Argument.scaleShift, parameters.layout, parameters.buffer),
                (Argument.mean, statistics, try plainBuffer(node.inputs[3])),
                (Argument.variance, statistics, try plainBuffer(node.inputs[4])),
            ],
            writes: [
                (Argument.diffSource, layout, define(result, source.layout)),
                (Argument.diffScaleShift, parameters.layout, gradients),
            ])
        for row in 0..<2 {
            let copy = StridedCopy(
                dims: [channels], sourceStrides: [1], destinationStrides: [1],
                sourceOffset: row * channels, elementSize: 4)
            let buffer = define(Graph.Value(node: number, output: row + 1), statistics)
            append(
                Plan.Step(name: "copy", kind: .copy(copy), reads: [gradients], writes: [buffer]))
        }
    }
}
