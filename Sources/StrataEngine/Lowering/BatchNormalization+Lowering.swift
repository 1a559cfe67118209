internal import StrataGraph

/// Batch normalization.
///
/// With the batch's own statistics it is a loop of our own in `CKernels/normalization.c`, also its gradient:
/// oneDNN 2.6's primitives take up to twice as long, and the relus around them more (docs/decisions.md).
extension PlanBuilder {
    mutating func lowerBatchNormalization(
        _ normalization: BatchNormalization, _ node: Graph.Call, _ number: Int
    ) throws(EngineError) {
        if normalization.usesGivenStatistics {
            return try lowerByGivenStatistics(normalization, node, number)
        }
        let (source, channels) = try channelPlacement(node.inputs[0])
        let gamma = try plainBuffer(node.inputs[1])
        let beta = try plainBuffer(node.inputs[2])
        let results = try defineNormalized(number, like: source, channels)
        append(
            normalization.fusesReLU ? "batchNormalization+relu" : "batchNormalization",
            flops: flops,
            BatchNormalizationKernel(
                normalization: normalization, channels: channels,
                dtype: graph[node.inputs[0]].dtype, source: source.buffer, gamma: gamma,
                beta: beta, result: results[0], mean: results[1], variance: results[2],
                scratchpad: newBuffer(channels.normalizationScratchpad)))
    }

    mutating func lowerBatchNormalizationBackward(
        _ backward: BatchNormalizationBackward, _ node: Graph.Call, _ number: Int
    ) throws(EngineError) {
        let (source, channels) = try channelPlacement(node.inputs[0])
        let gradient = try buffer(for: node.inputs[1], as: source.layout)
        let statistics = try node.inputs[2...].map { value throws(EngineError) in
            try plainBuffer(value)
        }
        let results = try defineNormalized(number, like: source, channels)
        append(
            "batchNormalizationBackward", flops: flops,
            BatchNormalizationBackwardKernel(
                backward: backward, channels: channels, dtype: graph[node.inputs[0]].dtype,
                source: source.buffer, gradient: gradient, gamma: statistics[0],
                mean: statistics[1], variance: statistics[2],
                beta: backward.fusesReLU ? statistics[3] : nil, sourceGradient: results[0],
                gammaGradient: results[1], betaGradient: results[2],
                scratchpad: newBuffer(channels.normalizationScratchpad)))
    }

    /// Memory for a tensor in the layout of its source, and for two vectors with an element a channel.
    private mutating func defineNormalized(
        _ number: Int, like source: Placement, _ channels: BlockedChannelView
    ) throws(EngineError) -> [Int] {
        let vector = try MemoryDescriptor.plain([channels.count], .float32)
        return [source.layout, vector, vector].enumerated().map { output, layout in
            define(Graph.Value(node: number, output: output), layout)
        }
    }

    /// The value in a layout that our own loops know.
    private mutating func channelPlacement(
        _ value: Graph.Value
    ) throws(EngineError) -> (Placement, BlockedChannelView) {
        let there = try imagePlacement(value)
        if let channels = BlockedChannelView(there.layout) { return (there, channels) }
        let plain = try MemoryDescriptor.plain(graph.shape(value), graph[value].dtype)
        guard let channels = BlockedChannelView(plain) else {
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
        let descriptor = try PrimitiveDescriptor.batchNormalization(
            layout, epsilon: normalization.epsilon, "batch normalization of \(shape)")
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
