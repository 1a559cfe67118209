internal import CKernels
internal import COneDNN
internal import StrataGraph

/// Batch normalization.
///
/// With the batch's own statistics it is a loop of our own in `CKernels/normalization.c`, also its gradient:
/// oneDNN 2.6's primitives take up to twice as long, and the rectifiers around them more (docs/decisions.md).
extension PlanBuilder {
    mutating func lowerBatchNormalization(
        _ normalization: BatchNormalization, _ node: Graph.Call, _ number: Int
    ) throws(EngineError) {
        if normalization.usesGivenStatistics {
            return try lowerByGivenStatistics(normalization, node, number)
        }
        let (source, channels) = try channelPlacement(node.inputs[0])
        try appendNormalization(
            normalization.rectifies ? "batchNormalization+relu" : "batchNormalization",
            .normalization(normalization, channels, graph[node.inputs[0]].dtype), number, source,
            channels, reads: [source.buffer], node.inputs[1...])
    }

    mutating func lowerBatchNormalizationBackward(
        _ backward: BatchNormalizationBackward, _ node: Graph.Call, _ number: Int
    ) throws(EngineError) {
        let (source, channels) = try channelPlacement(node.inputs[0])
        let gradient = try buffer(for: node.inputs[1], as: source.layout)
        try appendNormalization(
            "batchNormalizationBackward",
            .normalizationBackward(backward, channels, graph[node.inputs[0]].dtype), number, source,
            channels, reads: [source.buffer, gradient], node.inputs[2...])
    }

    /// A step that reads numbers for each channel too, and writes a tensor that lies like its source and two
    /// numbers for each channel.
    private mutating func appendNormalization(
        _ name: String, _ kind: Plan.Step.Kind, _ number: Int, _ source: Placement,
        _ channels: Channels, reads: [Int], _ statistics: ArraySlice<Graph.Value>
    ) throws(EngineError) {
        var reads = reads
        for value in statistics { reads.append(try plainBuffer(value)) }
        let layout = try MemoryDescriptor.plain([channels.count], .float32)
        append(
            Plan.Step(
                name: name, kind: kind, reads: reads,
                writes: [
                    define(Graph.Value(node: number, output: 0), source.layout),
                    define(Graph.Value(node: number, output: 1), layout),
                    define(Graph.Value(node: number, output: 2), layout),
                ], scratchpad: newBuffer(channels.normalizationRoom)))
    }

    /// The value in a layout that our own loops know.
    private mutating func channelPlacement(
        _ value: Graph.Value
    ) throws(EngineError) -> (Placement, Channels) {
        let there = try imagePlacement(value)
        if let channels = Channels(there.layout) { return (there, channels) }
        let plain = try MemoryDescriptor.plain(graph.shape(value), graph[value].dtype)
        guard let channels = Channels(plain) else {
            throw EngineError("a tensor of \(graph.shape(value)) has no channels")
        }
        return (Placement(layout: plain, buffer: try plainBuffer(value)), channels)
    }

    /// As it stands in the graph; joined plans have none of these (`Graph.foldingNormalizations`).
    private mutating func lowerByGivenStatistics(
        _ normalization: BatchNormalization, _ node: Graph.Call, _ number: Int
    ) throws(EngineError) {
        let result = Graph.Value(node: number, output: 0)
        let shape = graph.shape(result)
        let source = try imagePlacement(node.inputs[0])
        let layout = try source.layout.permuted(imageOrder(shape.count))
        let flags = [dnnl_use_scale, dnnl_use_shift, dnnl_use_global_stats]
        let descriptor = try PrimitiveDescriptor.make("batch normalization of \(shape)", [layout]) {
            strata_batch_normalization_inference(
                $0, $1, $2, flags.reduce(0) { $0 | $1.rawValue }, $3[0], normalization.epsilon)
        }
        let statistics = try MemoryDescriptor.plain([shape[shape.count - 1]], .float32)
        let arguments = [Argument.scale, Argument.shift, Argument.mean, Argument.variance]
        var reads = [(Argument.source, layout, source.buffer)]
        for (argument, value) in zip(arguments, node.inputs[1...]) {
            reads.append((argument, statistics, try plainBuffer(value)))
        }
        append(
            "batchNormalization", descriptor, reads: reads,
            writes: [(Argument.destination, layout, define(result, source.layout))])
    }
}

extension Channels {
    /// The bytes that a normalization works in.
    fileprivate var normalizationRoom: Int {
        (2 * Int(CK_NORMALIZATION_PARTS) + 3) * blocks * block * 8
    }
}
