internal import StrataGraph

/// 3 × 3 convolutions with strides of 2 by Winograd's algorithm.
///
/// oneDNN has it for strides of 1 alone.
extension PlanBuilder {
    /// The layout of a result, and its number of contiguous channels: all of them where there are few pixels, which
    /// a dense layer reads next in most networks, and oneDNN's blocks elsewhere.
    private func layout(of result: Graph.Value, as wanted: MemoryDescriptor) throws(EngineError)
        -> (MemoryDescriptor, block: Int)
    {
        let shape = graph.shape(result)
        let layout = try inGraphOrder(wanted)
        if shape[1] * shape[2] > 16, let block = layout.channelBlock,
            StridedWinograd.supports(block: block)
        {
            return (layout, block)
        }
        return (try .plain(shape, .float32), shape[3])
    }

    /// The transformed weights of a kernel in memory.
    private mutating func transformedWeights(_ kernel: Int, _ shape: [Int]) -> Int {
        let transformed = newBuffer(StridedWinograd.transformedWeightsByteCount(shape))
        append(
            "Winograd weight transform",
            WinogradWeightTransformKernel(
                rows: shape[2], columns: shape[3], kernel: kernel, transformedWeights: transformed))
        return transformed
    }

    /// The value without a reorder, if possible, and its number of contiguous channels.
    private mutating func channelBlocksOfVectors(_ value: Graph.Value) throws(EngineError) -> (
        buffer: Int, block: Int
    ) {
        let blocks = try channelBlocks(of: value)
        if StridedWinograd.supports(block: blocks.block) { return blocks }
        return (try plainBuffer(value), graph.shape(value)[3])
    }

    mutating func lowerStridedWinogradConvolution(
        _ choice: ConvolutionChoice, _ node: Graph.Call, _ output: Graph.Value,
        _ fused: FusedOperations
    ) throws(EngineError) {
        let problem = choice.problem
        let result = fused.result ?? output
        let oneDNN = try oneDNNConvolution(problem, node, output, fused)
        let source = try channelBlocksOfVectors(node.inputs[0])
        let (layout, block) = try layout(of: result, as: oneDNN.destination)
        let weights = transformedWeights(try plainBuffer(node.inputs[1]), problem.kernel)
        let convolution = StridedWinograd(
            problem, (source.block, block), .forward(problem.activation))
        append(
            problem.activation.appended(to: "convolution"), flops: flops, choice: choice,
            StridedWinogradKernel(
                convolution: convolution, image: source.buffer, transformedWeights: weights,
                bias: try biasBuffer(of: node), result: define(result, layout),
                scratchpad: newBuffer(convolution.scratchpadByteCount)))
    }

    mutating func lowerStridedWinogradBackwardData(
        _ choice: ConvolutionChoice, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        let problem = choice.problem
        let gradient = try channelBlocksOfVectors(node.inputs[0])
        let kernel = node.inputs[1]
        let transposed = [3, 3, problem.filters, problem.channels]
        let layout = try MemoryDescriptor.plain(transposed, .float32).permuted([0, 1, 3, 2])
        let weights = transformedWeights(try buffer(for: kernel, as: layout), transposed)
        var (made, block) = try imageLayout(result, problem.convolution, kernel)
        if !StridedWinograd.supports(block: block) {
            (made, block) = (try .plain(problem.image, .float32), problem.image[3])
        }
        let convolution = StridedWinograd(problem, (block, gradient.block), .imageGradient)
        append(
            "convolutionBackwardData", flops: flops, choice: choice,
            StridedWinogradDataGradientKernel(
                convolution: convolution, resultGradient: gradient.buffer,
                transformedWeights: weights, imageGradient: define(result, made),
                scratchpad: newBuffer(convolution.scratchpadByteCount)))
    }

    mutating func lowerStridedWinogradBackwardWeights(
        _ choice: ConvolutionChoice, _ node: Graph.Call, _ number: Int, hasBias: Bool
    ) throws(EngineError) {
        let source = try channelBlocksOfVectors(node.inputs[0])
        let gradient = try channelBlocksOfVectors(node.inputs[1])
        let (weights, bias) = try defineWeightsGradients(
            choice.problem.kernel, number, hasBias: hasBias)
        let convolution = StridedWinograd(
            choice.problem, (source.block, gradient.block), .kernelGradient)
        append(
            "convolutionBackwardWeights", flops: flops, choice: choice,
            StridedWinogradWeightsGradientKernel(
                convolution: convolution, image: source.buffer, resultGradient: gradient.buffer,
                weightsGradient: weights, biasGradient: bias,
                scratchpad: newBuffer(convolution.scratchpadByteCount)))
    }
}
