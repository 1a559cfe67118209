internal import StrataGraph

/// Convolutions of interleaved images.
///
/// oneDNN's vectors hold sixteen channels of a place. Those of LeNet's first convolution are six, and its
/// result takes sixteen; a vector that holds a channel of sixteen images is full for any number.
extension PlanBuilder {
    /// Whether a convolution and its gradients are computed so.
    ///
    /// Not beside normalizations, which want channels side by side.
    func interleaves(_ item: ConvolutionCase) -> Bool {
        guard Processor.hasWideVectors, item.isNarrow else { return false }
        return !graph.nodes.contains { node in
            if case .batchNormalization = node.operation { true } else { false }
        }
    }

    private mutating func interleavedBuffer(_ value: Graph.Value) throws(EngineError) -> Int {
        try buffer(for: value, as: .interleaved(graph.shape(value), .float32))
    }

    private mutating func defineInterleaved(_ value: Graph.Value) throws(EngineError) -> Int {
        define(value, try .interleaved(graph.shape(value), .float32))
    }

    mutating func lowerInterleavedConvolution(
        _ item: ConvolutionCase, _ node: Graph.Call, _ output: Graph.Value,
        _ epilogue: Fusion.Epilogue
    ) throws(EngineError) {
        if epilogue.addition != nil {
            try lowerInterleavedConvolution(item, node, output, Fusion.Epilogue())
            return try lowerProgram(epilogue.nodes)
        }
        var reads = [try interleavedBuffer(node.inputs[0])]
        for input in node.inputs[1...] { reads.append(try plainBuffer(input)) }
        let activation = epilogue.activation?.function
        append(
            Plan.Step(
                name: activation.appended(to: "convolution"),
                arithmeticCount: arithmeticCount,
                kind: .interleaved(InterleavedConvolution(item, activation: activation)),
                reads: reads, writes: [try defineInterleaved(epilogue.result ?? output)]))
    }

    mutating func lowerInterleavedBackwardData(
        _ item: ConvolutionCase, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        let convolution = InterleavedConvolution(item)
        let kernel = try plainBuffer(node.inputs[1])
        let turned = newBuffer(item.kernel.reduce(4, *))
        append(
            Plan.Step(
                name: "turning a kernel", kind: .copy(convolution.turning), reads: [kernel],
                writes: [turned]))
        let gradient = try interleavedBuffer(node.inputs[0])
        append(
            Plan.Step(
                name: "convolutionBackwardData", arithmeticCount: arithmeticCount,
                kind: .interleaved(convolution.backward), reads: [gradient, turned],
                writes: [try defineInterleaved(result)]))
    }

    mutating func lowerInterleavedBackwardWeights(
        _ item: ConvolutionCase, _ node: Graph.Call, _ number: Int, hasBias: Bool
    ) throws(EngineError) {
        let convolution = InterleavedConvolution(item)
        let reads = [
            try interleavedBuffer(node.inputs[0]), try interleavedBuffer(node.inputs[1]),
        ]
        var writes = [
            define(Graph.Value(node: number, output: 0), try .plain(item.kernel, .float32))
        ]
        if hasBias {
            let bias = try MemoryDescriptor.plain(Array(item.kernel.suffix(1)), .float32)
            writes.append(define(Graph.Value(node: number, output: 1), bias))
        }
        let parts = Threads.count
        let room = parts * convolution.gradientCount * MemoryDescriptor.interleavedCount * 4
        append(
            Plan.Step(
                name: "convolutionBackwardWeights", arithmeticCount: arithmeticCount,
                kind: .interleavedGradient(convolution, parts: parts), reads: reads,
                writes: writes, scratchpad: newBuffer(room)))
    }
}
