internal import COneDNN
internal import StrataGraph

private let normalizationFlags = dnnl_use_scale.rawValue | dnnl_use_shift.rawValue

extension PlanBuilder {
    mutating func lowerBatchNormalization(
        _ normalization: BatchNormalization, _ node: Graph.Call, _ number: Int
    ) throws(EngineError) {
        let result = Graph.Value(node: number, output: 0)
        let shape = graph.shape(result)
        let channels = shape[shape.count - 1]
        let source = try imagePlacement(node.inputs[0])
        let layout = try source.layout.permuted(imageOrder(shape.count))
        // For inference oneDNN keeps the batch's statistics to itself.
        let keepsStatistics = isTraining || !normalization.usesGivenStatistics
        let flags =
            normalizationFlags
            | (normalization.usesGivenStatistics ? dnnl_use_global_stats.rawValue : 0)
        let descriptor = try PrimitiveDescriptor.make("batch normalization of \(shape)", [layout]) {
            strata_batch_normalization_forward(
                $0, $1, $2, keepsStatistics ? 1 : 0, flags, $3[0], normalization.epsilon)
        }
        let statistics = try MemoryDescriptor.plain([channels], .float32)
        var reads = [
            (Argument.source, layout, source.buffer),
            (Argument.scale, statistics, try plainBuffer(node.inputs[1])),
            (Argument.shift, statistics, try plainBuffer(node.inputs[2])),
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
        let descriptor = try PrimitiveDescriptor.make(
            "gradient of a batch normalization", [layout]
        ) {
            strata_batch_normalization_backward(
                $0, $1, $2, hint.raw, normalizationFlags, $3[0], backward.epsilon)
        }
        let statistics = try MemoryDescriptor.plain([channels], .float32)
        let scale = try plainBuffer(node.inputs[2])
        var reads = [
            (Argument.source, layout, source.buffer),
            (Argument.diffDestination, layout, gradient),
            (Argument.scale, statistics, scale),
            (Argument.mean, statistics, try plainBuffer(node.inputs[3])),
            (Argument.variance, statistics, try plainBuffer(node.inputs[4])),
        ]
        // 2.x asks for it, and does not read it.
        if Device.majorVersion == 2 {
            reads.append((Argument.shift, statistics, scale))
        }
        append(
            "batchNormalizationBackward", descriptor, reads: reads,
            writes: [
                (Argument.diffSource, layout, define(result, source.layout)),
                (
                    Argument.diffScale, statistics,
                    define(Graph.Value(node: number, output: 1), statistics)
                ),
                (
                    Argument.diffShift, statistics,
                    define(Graph.Value(node: number, output: 2), statistics)
                ),
            ])
    }
}
