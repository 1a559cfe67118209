internal import StrataGraph

/// Convolutions of interleaved images.
///
/// oneDNN's vectors hold sixteen channels of a place. Those of LeNet's first convolution are six, and its
/// result takes sixteen; a vector that holds a channel of sixteen images is full for any number.
extension PlanBuilder {
    /// Whether a convolution and its gradients are computed so.
    ///
    /// Not beside normalizations, which want channels side by side.
    func interleaves(_ item: ConvolutionProblem) -> Bool {
        guard Processor.hasAVX512, item.isNarrow else { return false }
        return !graph.nodes.contains { node in
            if case .batchNormalization = node.operation { true } else { false }
        }
    }

    private mutating func batchBlockedBuffer(_ value: Graph.Value) throws(EngineError) -> Int {
        try buffer(for: value, as: .batchBlocked(graph.shape(value), .float32))
    }

    private mutating func defineBatchBlocked(_ value: Graph.Value) throws(EngineError) -> Int {
        define(value, try .batchBlocked(graph.shape(value), .float32))
    }

    mutating func lowerBatchBlockedConvolution(
        _ item: ConvolutionProblem, _ node: Graph.Call, _ output: Graph.Value,
        _ epilogue: Fusion.Epilogue
    ) throws(EngineError) {
        if epilogue.addition != nil {
            try lowerBatchBlockedConvolution(item, node, output, Fusion.Epilogue())
            return try lowerProgram(epilogue.nodes)
        }
        let image = try batchBlockedBuffer(node.inputs[0])
        let weights = try plainBuffer(node.inputs[1])
        let activation = epilogue.activation?.function
        append(
            activation.appended(to: "convolution"), flops: flops,
            BatchBlockedConvolutionKernel(
                convolution: BatchBlockedConvolution(item, activation: activation), image: image,
                weights: weights, bias: try biasBuffer(of: node),
                result: try defineBatchBlocked(epilogue.result ?? output)))
    }

    mutating func lowerBatchBlockedBackwardData(
        _ item: ConvolutionProblem, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        let convolution = BatchBlockedConvolution(item)
        let kernel = try plainBuffer(node.inputs[1])
        let turned = newBuffer(item.kernel.reduce(4, *))
        append(
            "flip of a kernel",
            StridedCopyKernel(copy: convolution.flip, source: kernel, result: turned))
        let gradient = try batchBlockedBuffer(node.inputs[0])
        append(
            "convolutionBackwardData", flops: flops,
            BatchBlockedConvolutionKernel(
                convolution: convolution.backward, image: gradient, weights: turned,
                result: try defineBatchBlocked(result)))
    }

    mutating func lowerBatchBlockedBackwardWeights(
        _ item: ConvolutionProblem, _ node: Graph.Call, _ number: Int, hasBias: Bool
    ) throws(EngineError) {
        let convolution = BatchBlockedConvolution(item)
        let image = try batchBlockedBuffer(node.inputs[0])
        let gradient = try batchBlockedBuffer(node.inputs[1])
        let (weights, bias) = try defineWeightsGradients(item.kernel, number, hasBias: hasBias)
        let partitions = Threads.count
        let room = BatchBlockedWeightsGradientKernel.scratchpadByteCount(
            convolution, partitions: partitions)
        append(
            "convolutionBackwardWeights", flops: flops,
            BatchBlockedWeightsGradientKernel(
                convolution: convolution, partitions: partitions, image: image,
                resultGradient: gradient, weightsGradient: weights, biasGradient: bias,
                scratchpad: newBuffer(room)))
    }
}
