internal import StrataGraph

/// Convolutions with short rows, and inner products, of a few images in predictions.
///
/// The windows are read where they lie, and the weights go by at 57 GB/s instead of the 45 to 50 of oneDNN's
/// product: 0.15 ms for 2,048 -> 1,024 instead of 0.17 to 0.19 (two cores with AMX). 3 × 3 × 64 -> 128 from
/// 6 × 6 in steps of 2 takes 3 µs alone. With many images oneDNN's products are as fast.
extension PlanBuilder {
    private static let mostRows = 16

    func multipliesWindows(rows: [Int], units: Int, _ dtype: DType) -> Bool {
        !isTraining && dtype == .float32 && rows[0] <= PlanBuilder.mostRows
            && WindowProducts.canHave(filters: units)
    }

    mutating func lowerConvolutionByWindows(
        _ item: ConvolutionCase, _ node: Graph.Call, _ output: Graph.Value,
        _ epilogue: Fusion.Epilogue
    ) throws(EngineError) {
        let activation = epilogue.activation?.function
        let (source, block) = try channelBlocks(of: node.inputs[0])
        try append(
            activation.appended(to: "convolution"),
            WindowProducts(item, block: block, activation), node, source,
            epilogue.result ?? output)
    }

    mutating func lowerInnerProductByWindows(
        rows: [Int], _ node: Graph.Call, _ result: Graph.Value, _ activation: Activation?
    ) throws(EngineError) {
        try append(
            activation.appended(to: "innerProduct"),
            WindowProducts(rows: rows, filters: graph.shape(result)[1], activation), node,
            try plainBuffer(node.inputs[0]), result)
    }

    private mutating func append(
        _ name: String, _ products: WindowProducts, _ node: Graph.Call, _ source: Int,
        _ result: Graph.Value
    ) throws(EngineError) {
        var reads = [source, try buffer(for: node.inputs[1], as: try products.weights)]
        for bias in node.inputs.dropFirst(2) { reads.append(try plainBuffer(bias)) }
        let layout = try MemoryDescriptor.plain(graph.shape(result), .float32)
        append(
            Plan.Step(
                name: name, arithmeticCount: arithmeticCount, kind: .windows(products),
                reads: reads, writes: [define(result, layout)]))
    }
}
