internal import StrataGraph

/// Predictions of a few images by implicit GEMM: convolutions with short rows or many weights, and inner products.
///
/// Windows are read from the image, and weights at 57 GB/s instead of the 45 to 50 of oneDNN's matrix product:
/// 0.15 ms for 2,048 -> 1,024 instead of 0.17 to 0.19 (two cores with AMX). 3 × 3 × 64 -> 128 from 6 × 6 with strides
/// of 2 takes 3 µs for one image. With many images oneDNN's products are as fast.
extension PlanBuilder {
    func prefersImplicitGEMM(rows: [Int], units: Int, _ dtype: DType) -> Bool {
        !isTraining && dtype == .float32 && rows[0] <= ConvolutionThresholds.implicitGEMMRows
            && ImplicitGEMM.supports(filters: units)
    }

    /// Whether it is lowered: not where a later step reads the tensor that is added to.
    mutating func lowerImplicitGEMMConvolution(
        _ choice: ConvolutionChoice, _ node: Graph.Call, _ output: Graph.Value,
        _ fused: FusedOperations
    ) throws(EngineError) -> Bool {
        let activation = fused.activation?.function
        if let addition = fused.addition, hasReaders([addition.value]) { return false }
        let (source, block) = try channelBlocks(of: node.inputs[0])
        var accumulator: Int?
        if let addition = fused.addition {
            accumulator = try memoryToAddTo(
                addition.value, as: try .plain(choice.problem.output, .float32), besides: source)
            if accumulator == nil { return false }
        }
        try append(
            activation.appended(to: accumulator == nil ? "convolution" : "convolution+add"),
            ImplicitGEMM(choice.problem, block: block, activation), node, source, accumulator,
            fused.result ?? output, choice: choice)
        return true
    }

    mutating func lowerImplicitGEMMInnerProduct(
        rows: [Int], _ node: Graph.Call, _ result: Graph.Value, _ activation: Activation?
    ) throws(EngineError) {
        try append(
            activation.appended(to: "innerProduct"),
            ImplicitGEMM(rows: rows, filters: graph.shape(result)[1], activation), node,
            try plainBuffer(node.inputs[0]), nil, result)
    }

    private mutating func append(
        _ name: String, _ gemm: ImplicitGEMM, _ node: Graph.Call, _ source: Int,
        _ accumulator: Int?, _ result: Graph.Value, choice: ConvolutionChoice? = nil
    ) throws(EngineError) {
        let weights = try buffer(for: node.inputs[1], as: try gemm.weights)
        let bias = try biasBuffer(of: node)
        let layout = try MemoryDescriptor.plain(graph.shape(result), .float32)
        let written = accumulator ?? newBuffer(layout.byteCount)
        place(result, Placement(layout: layout, buffer: written))
        append(
            name, flops: flops, choice: choice,
            ImplicitGEMMKernel(
                gemm: gemm, image: source, weights: weights, bias: bias, result: written,
                accumulates: accumulator != nil))
    }
}
