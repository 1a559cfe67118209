internal import StrataGraph

/// Convolutions and their gradients by im2col, col2im and matrix products.
///
/// oneDNN's direct kernels (2.6) go along a row of the output and are made for long ones. For rows of a few
/// pixels a matrix product with the columns of im2col is faster (`ConvolutionProblem` has the rules). For 64 -> 128
/// channels from 6 x 6 with strides of 2, batch 128, on two cores with AMX: forward 0.22 ms instead of 0.40 ms in
/// float32 and 0.03 instead of 0.23 in bfloat16, the weights gradient 0.41 instead of 0.71 and 0.22 instead of 0.9,
/// the data gradient 0.37 instead of 0.89 and 0.19 instead of 1.9. im2col takes 0.06, once for both passes.
extension PlanBuilder {
    mutating func lowerIm2colConvolution(
        _ choice: ConvolutionChoice, _ node: Graph.Call, _ output: Graph.Value,
        _ fused: FusedOperations
    ) throws(EngineError) {
        let kernel = choice.problem.kernel
        let (columns, rows) = try columns(
            of: node.inputs[0], choice.problem.convolution, output: choice.problem.output)
        let weights = try MemoryDescriptor.plain(
            [rows.dims[1], kernel[3]], graph[node.inputs[1]].dtype)
        let results = try MemoryDescriptor.plain([rows.dims[0], kernel[3]], graph[output].dtype)
        var reads = [
            (Argument.source, rows, columns),
            (Argument.weights, weights, try plainBuffer(node.inputs[1])),
        ]
        var bias: MemoryDescriptor?
        if node.inputs.count == 3 {
            let row = try MemoryDescriptor.plain([1, kernel[3]], graph[node.inputs[2]].dtype)
            bias = row
            reads.append((Argument.bias, row, try plainBuffer(node.inputs[2])))
        }
        let activation = fused.activation?.function
        let descriptor = try PrimitiveDescriptor.product(
            rows, weights, bias: bias, results, PostOps(activation: activation))
        let result = fused.result ?? output
        let buffer = define(result, try .plain(graph.shape(result), graph[result].dtype))
        let name = activation.appended(to: "convolution")
        append(
            "\(name) by im2col", descriptor, choice: choice, reads: reads,
            writes: [(Argument.destination, results, buffer)])
    }

    mutating func lowerIm2colBackwardWeights(
        _ choice: ConvolutionChoice, _ node: Graph.Call, _ number: Int, hasBias: Bool
    ) throws(EngineError) {
        let (image, gradient) = (node.inputs[0], node.inputs[1])
        let dtype = graph[image].dtype
        let kernel = choice.problem.kernel
        let (columns, rows) = try columns(
            of: image, choice.problem.convolution, output: choice.problem.output)
        let weights = try MemoryDescriptor.plain([rows.dims[1], kernel[3]], .float32)
        let bias = try MemoryDescriptor.plain([kernel[3]], .float32)
        let gradients = try MemoryDescriptor.plain([rows.dims[0], kernel[3]], dtype)
        let descriptor = try innerProductBackwardWeights(
            rows.dims, dtype, rows: rows, weights: try weights.permuted([1, 0]),
            bias: hasBias ? bias : nil, gradient: gradients)
        var writes = [
            (
                Argument.diffWeights, descriptor.diffWeights,
                define(Graph.Value(node: number, output: 0), try .plain(kernel, .float32))
            )
        ]
        if hasBias {
            let buffer = define(Graph.Value(node: number, output: 1), bias)
            writes.append((Argument.diffBias, bias, buffer))
        }
        append(
            "convolutionBackwardWeights by im2col", descriptor, choice: choice,
            reads: [
                (Argument.source, rows, columns),
                (Argument.diffDestination, gradients, try plainBuffer(gradient)),
            ], writes: writes)
    }

    /// One product gives the gradients of the columns, which col2im sums.
    mutating func lowerIm2colBackwardData(
        _ choice: ConvolutionChoice, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        let (gradient, kernel) = (node.inputs[0], node.inputs[1])
        let dtype = graph[gradient].dtype
        let filters = graph.shape(kernel)[3]
        let convolution = choice.problem.convolution
        let (layout, block) = try imageLayout(result, convolution, kernel)
        let im2col = Im2col(
            image: graph.shape(result), block: block, dtype: dtype, output: graph.shape(gradient),
            window: convolution.window)
        let gradients = try MemoryDescriptor.plain([im2col.rows.count, filters], dtype)
        let weights = try MemoryDescriptor.plain([im2col.rows.width, filters], dtype)
        // In bfloat16 each column would be rounded before the sum, which is rounded again.
        let rows = try MemoryDescriptor.plain([im2col.rows.count, im2col.rows.width], .float32)
        let columns = newBuffer(rows.byteCount)
        let transposed = try weights.permuted([1, 0])
        append(
            "convolutionBackwardData by im2col",
            try PrimitiveDescriptor.product(gradients, transposed, rows), choice: choice,
            reads: [
                (Argument.source, gradients, try plainBuffer(gradient)),
                (Argument.weights, transposed, try plainBuffer(kernel)),
            ], writes: [(Argument.destination, rows, columns)])
        append(
            "col2im",
            Col2imKernel(im2col: im2col, columns: columns, image: define(result, layout)))
    }

    /// A layout for the gradient of an image, and its number of contiguous channels: that of the image where im2col
    /// can read it, because the next step reads both.
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

    /// The columns of an image, which are made once for both passes.
    private mutating func columns(
        of image: Graph.Value, _ convolution: Convolution, output: [Int]
    ) throws(EngineError) -> (buffer: Int, rows: MemoryDescriptor) {
        let dtype = graph[image].dtype
        var im2col = Im2col(
            image: graph.shape(image), block: graph.shape(image)[3], dtype: dtype, output: output,
            window: convolution.window)
        let rows = try MemoryDescriptor.plain([im2col.rows.count, im2col.rows.width], dtype)
        let source: Int
        (source, im2col.block) = try channelBlocks(of: image)
        if let buffer = forwardPass.columns[image]?[im2col] { return (buffer, rows) }
        let buffer = newBuffer(rows.byteCount)
        forwardPass.columns[image, default: [:]][im2col] = buffer
        append(
            "im2col", note: "\(im2col.output) of \(im2col.window.size)",
            Im2colKernel(im2col: im2col, image: source, columns: buffer))
        return (buffer, rows)
    }

    /// The image without a reorder, if possible, and its number of contiguous channels.
    mutating func channelBlocks(of image: Graph.Value) throws(EngineError) -> (
        buffer: Int, block: Int
    ) {
        let placement = try placement(image)
        if !placement.layout.isPadded, let block = placement.layout.channelBlock {
            return (placement.buffer, block)
        }
        return (try plainBuffer(image), graph.shape(image)[3])
    }
}
