internal import COneDNN
internal import StrataGraph

/// Convolutions and their gradients as matrix products, where that is faster.
///
/// oneDNN's direct kernels (2.6) go along a row of the output and are made for long ones. For rows of a few
/// places the same sums are faster as a product of the image's patches, one row of numbers for each place
/// of the output (`ConvolutionProblem` has the rules). For 64 -> 128 channels from 6 x 6 in steps of 2, batch
/// 128, on two cores with AMX: forward 0.22 ms instead of 0.40 ms in float32 and 0.03 instead of 0.23 in
/// bfloat16, the kernel's gradient 0.41 instead of 0.71 and 0.22 instead of 0.9, the image's 0.37 instead
/// of 0.89 and 0.19 instead of 1.9. Making the patches takes 0.06, once for both passes.
extension PlanBuilder {
    mutating func lowerIm2colConvolution(
        _ convolution: Convolution, _ node: Graph.Call, _ output: Graph.Value,
        _ epilogue: Fusion.Epilogue
    ) throws(EngineError) {
        let kernel = graph.shape(node.inputs[1])
        let (patches, rows) = try patches(
            of: node.inputs[0], convolution, output: graph.shape(output))
        let weights = try MemoryDescriptor.plain(
            [rows.dims[1], kernel[3]], graph[node.inputs[1]].dtype)
        let results = try MemoryDescriptor.plain([rows.dims[0], kernel[3]], graph[output].dtype)
        var reads = [
            (Argument.source, rows, patches),
            (Argument.weights, weights, try plainBuffer(node.inputs[1])),
        ]
        var bias: MemoryDescriptor?
        if node.inputs.count == 3 {
            let row = try MemoryDescriptor.plain([1, kernel[3]], graph[node.inputs[2]].dtype)
            bias = row
            reads.append((Argument.bias, row, try plainBuffer(node.inputs[2])))
        }
        let activation = epilogue.activation?.function
        let descriptor = try PrimitiveDescriptor.product(
            rows, weights, bias: bias, results, PostOps(activation: activation))
        let result = epilogue.result ?? output
        let buffer = define(result, try .plain(graph.shape(result), graph[result].dtype))
        let name = activation.appended(to: "convolution")
        append(
            "\(name) by im2col", descriptor, reads: reads,
            writes: [(Argument.destination, results, buffer)])
    }

    mutating func lowerIm2colBackwardWeights(
        _ backward: ConvolutionBackwardWeights, _ node: Graph.Call, _ number: Int
    ) throws(EngineError) {
        let (image, gradient) = (node.inputs[0], node.inputs[1])
        let dtype = graph[image].dtype
        let kernel = backward.kernelShape.known ?? []
        let (patches, rows) = try patches(
            of: image, backward.convolution, output: graph.shape(gradient))
        let weights = try MemoryDescriptor.plain([rows.dims[1], kernel[3]], .float32)
        let bias = try MemoryDescriptor.plain([kernel[3]], .float32)
        let gradients = try MemoryDescriptor.plain([rows.dims[0], kernel[3]], dtype)
        let descriptor = try innerProductBackwardWeights(
            rows.dims, dtype, rows: rows, weights: try weights.permuted([1, 0]),
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
            "convolutionBackwardWeights by im2col", descriptor,
            reads: [
                (Argument.source, rows, patches),
                (Argument.diffDestination, gradients, try plainBuffer(gradient)),
            ], writes: writes)
    }

    /// One product gives the gradients of the image's patches, which are added up at their places.
    mutating func lowerIm2colBackwardData(
        _ backward: ConvolutionBackwardData, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        let (gradient, kernel) = (node.inputs[0], node.inputs[1])
        let dtype = graph[gradient].dtype
        let filters = graph.shape(kernel)[3]
        let (layout, block) = try imageLayout(result, backward.convolution, kernel)
        let made = Im2col(
            image: graph.shape(result), block: block, dtype: dtype, output: graph.shape(gradient),
            window: backward.convolution.window)
        let gradients = try MemoryDescriptor.plain([made.rows.count, filters], dtype)
        let weights = try MemoryDescriptor.plain([made.rows.width, filters], dtype)
        // In bfloat16 every number of a patch would be rounded before the sum, which is rounded again.
        let rows = try MemoryDescriptor.plain([made.rows.count, made.rows.width], .float32)
        let patches = newBuffer(rows.byteCount)
        let turned = try weights.permuted([1, 0])
        append(
            "convolutionBackwardData by im2col",
            try PrimitiveDescriptor.product(gradients, turned, rows),
            reads: [
                (Argument.source, gradients, try plainBuffer(gradient)),
                (Argument.weights, turned, try plainBuffer(kernel)),
            ], writes: [(Argument.destination, rows, patches)])
        append(
            "col2im",
            Col2imKernel(im2col: made, columns: patches, image: define(result, layout)))
    }

    /// A layout for the gradient of an image, and how many channels lie side by side in it: that of the
    /// image where patches can be of it, because the two meet in what comes next.
    func imageLayout(
        _ gradient: Graph.Value, _ convolution: Convolution, _ kernel: Graph.Value
    ) throws(EngineError) -> (MemoryDescriptor, block: Int) {
        let (shape, dtype) = (graph.shape(gradient), graph[gradient].dtype)
        let image = graph.nodes.first { node in
            node.operation == .convolution(convolution) && node.inputs[1] == kernel
                && graph.shape(node.inputs[0]) == shape
        }
        if let image, let layout = layout(of: image.inputs[0]), !layout.isPadded,
            let block = layout.channelBlock
        {
            return (try layout.with(dtype), block)
        }
        return (try .plain(shape, dtype), shape[3])
    }

    /// An image's patches as rows, which are made once for both passes.
    private mutating func patches(
        of image: Graph.Value, _ convolution: Convolution, output: [Int]
    ) throws(EngineError) -> (buffer: Int, rows: MemoryDescriptor) {
        let dtype = graph[image].dtype
        var made = Im2col(
            image: graph.shape(image), block: graph.shape(image)[3], dtype: dtype, output: output,
            window: convolution.window)
        let rows = try MemoryDescriptor.plain([made.rows.count, made.rows.width], dtype)
        let source: Int
        (source, made.block) = try channelBlocks(of: image)
        if let buffer = patches[image]?[made] { return (buffer, rows) }
        let buffer = newBuffer(rows.byteCount)
        patches[image, default: [:]][made] = buffer
        append(
            "im2col", note: "\(made.output) of \(made.window.size)",
            Im2colKernel(im2col: made, image: source, columns: buffer))
        return (buffer, rows)
    }

    /// The image where it lies, and how many channels lie side by side there.
    mutating func channelBlocks(of image: Graph.Value) throws(EngineError) -> (
        buffer: Int, block: Int
    ) {
        let there = try placement(image)
        if !there.layout.isPadded, let block = there.layout.channelBlock {
            return (there.buffer, block)
        }
        return (try plainBuffer(image), graph.shape(image)[3])
    }
}
