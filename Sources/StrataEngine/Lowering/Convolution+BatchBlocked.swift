internal import StrataGraph

/// Convolutions in the batch-blocked layout.
///
/// oneDNN's vectors hold sixteen channels of a pixel. LeNet's first convolution has six filters, whose results
/// take sixteen; a vector with the same channel of sixteen images is full for any number of channels.
extension PlanBuilder {
    private mutating func batchBlockedBuffer(_ value: Graph.Value) throws(EngineError) -> Int {
        try buffer(for: value, as: .batchBlocked(graph.shape(value), .float32))
    }

    private mutating func defineBatchBlocked(_ value: Graph.Value) throws(EngineError) -> Int {
        define(value, try .batchBlocked(graph.shape(value), .float32))
    }

    mutating func lowerBatchBlockedConvolution(
        _ choice: ConvolutionChoice, _ node: Graph.Call, _ output: Graph.Value,
        _ fused: FusedOperations
    ) throws(EngineError) {
        if fused.addition != nil {
            try lowerBatchBlockedConvolution(choice, node, output, FusedOperations())
            return try lowerElementwise(fused.nodes)
        }
        let image = try batchBlockedBuffer(node.inputs[0])
        let weights = try plainBuffer(node.inputs[1])
        let activation = fused.activation?.function
        append(
            activation.appended(to: "convolution"), flops: flops, choice: choice,
            BatchBlockedConvolutionKernel(
                convolution: BatchBlockedConvolution(choice.problem, activation: activation),
                image: image, weights: weights, bias: try biasBuffer(of: node),
                result: try defineBatchBlocked(fused.result ?? output)))
    }

    mutating func lowerBatchBlockedBackwardData(
        _ choice: ConvolutionChoice, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        let convolution = BatchBlockedConvolution(choice.problem)
        let kernel = try plainBuffer(node.inputs[1])
        let flipped = newBuffer(choice.problem.kernel.reduce(4, *))
        append(
            "flip of a kernel",
            StridedCopyKernel(copy: convolution.flip, source: kernel, result: flipped))
        let gradient = try batchBlockedBuffer(node.inputs[0])
        append(
            "convolutionBackwardData", flops: flops, choice: choice,
            BatchBlockedConvolutionKernel(
                convolution: convolution.backward, image: gradient, weights: flipped,
                result: try defineBatchBlocked(result)))
    }

    mutating func lowerBatchBlockedBackwardWeights(
        _ choice: ConvolutionChoice, _ node: Graph.Call, _ number: Int, hasBias: Bool
    ) throws(EngineError) {
        let convolution = BatchBlockedConvolution(choice.problem)
        let image = try batchBlockedBuffer(node.inputs[0])
        let gradient = try batchBlockedBuffer(node.inputs[1])
        let (weights, bias) = try defineWeightsGradients(
            choice.problem.kernel, number, hasBias: hasBias)
        let partitions = Threads.count
        let scratchpad = BatchBlockedWeightsGradientKernel.scratchpadByteCount(
            convolution, partitions: partitions)
        append(
            "convolutionBackwardWeights", flops: flops, choice: choice,
            BatchBlockedWeightsGradientKernel(
                convolution: convolution, partitions: partitions, image: image,
                resultGradient: gradient, weightsGradient: weights, biasGradient: bias,
                scratchpad: newBuffer(scratchpad)))
    }
}
