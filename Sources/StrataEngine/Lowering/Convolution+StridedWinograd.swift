internal import StrataGraph

/// Convolutions of 3 × 3 in steps of 2 by Winograd's algorithm.
///
/// oneDNN has it for steps of 1 alone.
extension PlanBuilder {
    /// The layout of a result, and how many channels lie side by side in it: all of them where there are few
    /// places, which mostly a dense layer reads next, and oneDNN's blocks elsewhere.
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

    /// What a kernel is multiplied by, from its memory in its own or in the turned order of channels.
    private mutating func factors(_ kernel: Int, _ shape: [Int]) -> Int {
        let factors = newBuffer(StridedWinograd.transformedWeightsByteCount(shape))
        append(
            "Winograd weight transform",
            WinogradWeightTransformKernel(
                rows: shape[2], columns: shape[3], kernel: kernel, transformedWeights: factors))
        return factors
    }

    /// The value where it lies if that suits, and how many channels lie side by side there.
    private mutating func tiledImage(_ value: Graph.Value) throws(EngineError) -> (
        buffer: Int, block: Int
    ) {
        let there = try channelBlocks(of: value)
        if StridedWinograd.supports(block: there.block) { return there }
        return (try plainBuffer(value), graph.shape(value)[3])
    }

    mutating func lowerStridedWinogradConvolution(
        _ item: ConvolutionProblem, _ node: Graph.Call, _ result: Graph.Value,
        _ activation: Activation?, like wanted: MemoryDescriptor
    ) throws(EngineError) {
        let source = try tiledImage(node.inputs[0])
        let (layout, block) = try layout(of: result, as: wanted)
        let factors = factors(try plainBuffer(node.inputs[1]), item.kernel)
        let convolution = StridedWinograd(item, (source.block, block), .forward(activation))
        append(
            activation.appended(to: "convolution"), flops: flops,
            StridedWinogradKernel(
                convolution: convolution, image: source.buffer, transformedWeights: factors,
                bias: try biasBuffer(of: node), result: define(result, layout),
                scratchpad: newBuffer(convolution.scratchpadByteCount)))
    }

    mutating func lowerStridedWinogradBackwardData(
        _ item: ConvolutionProblem, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        let gradient = try tiledImage(node.inputs[0])
        let kernel = node.inputs[1]
        let turned = [3, 3, item.kernel[3], item.kernel[2]]
        let layout = try MemoryDescriptor.plain(turned, .float32).permuted([0, 1, 3, 2])
        let factors = factors(try buffer(for: kernel, as: layout), turned)
        var (place, block) = try imageLayout(result, item.convolution, kernel)
        if !StridedWinograd.supports(block: block) {
            (place, block) = (try .plain(item.image, .float32), item.image[3])
        }
        let convolution = StridedWinograd(item, (block, gradient.block), .imageGradient)
        append(
            "convolutionBackwardData", flops: flops,
            StridedWinogradDataGradientKernel(
                convolution: convolution, resultGradient: gradient.buffer,
                transformedWeights: factors, imageGradient: define(result, place),
                scratchpad: newBuffer(convolution.scratchpadByteCount)))
    }

    mutating func lowerStridedWinogradBackwardWeights(
        _ item: ConvolutionProblem, _ node: Graph.Call, _ number: Int, hasBias: Bool
    ) throws(EngineError) {
        let source = try tiledImage(node.inputs[0])
        let gradient = try tiledImage(node.inputs[1])
        let (weights, bias) = try defineWeightsGradients(item.kernel, number, hasBias: hasBias)
        let convolution = StridedWinograd(
            item, (source.block, gradient.block), .kernelGradient)
        append(
            "convolutionBackwardWeights", flops: flops,
            StridedWinogradWeightsGradientKernel(
                convolution: convolution, image: source.buffer, resultGradient: gradient.buffer,
                weightsGradient: weights, biasGradient: bias,
                scratchpad: newBuffer(convolution.scratchpadByteCount)))
    }
}
