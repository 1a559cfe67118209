// Letters: N batch, H W image, P Q output, R S kernel, C channels, O filters.
internal import COneDNN
internal import StrataGraph

/// The gradient of a kernel as one matrix product, where that is faster.
///
/// oneDNN's direct kernels (jit, 2.6) go along a row of the output and are made for long ones. For rows
/// of a few places the same sums are faster as an inner product of the image's patches, one row of
/// R · S · C numbers for each place of the output, with the gradient: for 64 -> 128 channels from 6 x 6,
/// batch 128, 0.41 ms instead of 0.71 ms in float32, 0.22 ms instead of 0.9 ms in bfloat16, whose direct
/// kernel transposes both its sources on the way.
extension PlanBuilder {
    /// Whether patches are the faster way, by the length of the output's rows.
    func usesPatches(_ backward: ConvolutionBackwardWeights, _ node: Graph.Call) -> Bool {
        let (image, output) = (graph.shape(node.inputs[0]), graph.shape(node.inputs[1]))
        let window = backward.convolution.window
        let hasMargins = (0..<window.rank).contains { axis in
            let margins = window.margins(axis, length: image[axis + 1])
            return margins.low > 0 || margins.high > 0
        }
        guard image.count == 4, backward.convolution.groups == 1, !hasMargins else { return false }
        return output[2] <= (graph[node.inputs[0]].dtype == .bfloat16 ? 8 : 4)
    }

    mutating func lowerConvolutionBackwardWeightsByPatches(
        _ backward: ConvolutionBackwardWeights, _ node: Graph.Call, _ number: Int
    ) throws(EngineError) {
        let (image, gradient) = (node.inputs[0], node.inputs[1])
        let dtype = graph[image].dtype
        let output = graph.shape(gradient)
        let kernel = backward.kernelShape.known ?? []
        let places = output[0] * output[1] * output[2]
        let width = kernel[0] * kernel[1] * kernel[2]
        let rows = try MemoryDescriptor.plain([places, width], dtype)
        let patches = newBuffer(rows.byteCount)
        try appendPatches(backward.convolution.window, of: image, output: output, to: patches)

        let weights = try MemoryDescriptor.plain([width, kernel[3]], .float32)
        let bias = try MemoryDescriptor.plain([kernel[3]], .float32)
        let gradients = try MemoryDescriptor.plain([places, kernel[3]], dtype)
        let descriptor = try innerProductBackwardWeights(
            [places, width], dtype, rows: rows, weights: try weights.permuted([1, 0]),
            bias: backward.hasBias ? bias : nil, gradient: gradients)
        var writes = [
            (
                Argument.diffWeights, descriptor.diffWeights,
                define(Graph.Value(node: number, output: 0), try .plain(kernel, .float32))
            )
        ]
        if backward.hasBias {
            let buffer = define(Graph.Value(node: number, output: 1), bias)
            writes.append((Argument.diffBias, bias, buffer))
        }
        append(
            "convolutionBackwardWeights by patches", descriptor,
            reads: [
                (Argument.source, rows, patches),
                (Argument.diffDestination, gradients, try plainBuffer(gradient)),
            ], writes: writes)
    }

    /// Lays the image's patches out as rows.
    private mutating func appendPatches(
        _ window: Window, of image: Graph.Value, output: [Int], to buffer: Int
    ) throws(EngineError) {
        let channels = graph.shape(image)[3]
        let made = try placement(image)
        let source: (buffer: Int, strides: [Int], block: Int, blockStride: Int)
        if let strides = made.layout.strides(blockedBy: 3), channels % strides.block == 0 {
            source = (made.buffer, strides.outer, strides.block, strides.outer[3])
        } else {
            let strides = rowMajorStrides(graph.shape(image))
            source = (try plainBuffer(image), strides, channels, channels)
        }
        let (h, w) = (source.strides[1], source.strides[2])
        let dims =
            Array(output[0...2]) + window.size + [channels / source.block, source.block]
        let copy = StridedCopy(
            dims: dims,
            sourceStrides: [
                source.strides[0], h * window.strides[0], w * window.strides[1],
                h * window.dilations[0], w * window.dilations[1], source.blockStride, 1,
            ], destinationStrides: rowMajorStrides(dims),
            elementSize: graph[image].dtype.byteCount)
        append(
            Plan.Step(
                name: "patches", note: "\(dims)", kind: .copy(copy), reads: [source.buffer],
                writes: [buffer]))
    }
}

extension MemoryDescriptor {
    /// The strides of a layout whose only block is one of `axis`, innermost; `nil` for others.
    fileprivate func strides(blockedBy axis: Int) -> (outer: [Int], block: Int)? {
        var raw = raw
        guard strata_md_block_count(&raw) == 1, Int(strata_md_block_axis(&raw, 0)) == axis else {
            return nil
        }
        let outer = (0..<strata_md_rank(&raw)).map { Int(strata_md_stride(&raw, $0)) }
        return (outer, Int(strata_md_block(&raw, 0)))
    }
}
