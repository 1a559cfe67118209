internal import StrataGraph

extension PlanBuilder {
    /// The value row-major in `float32`, converted where it is of another type.
    mutating func floatBuffer(_ value: Graph.Value) throws(EngineError) -> Int {
        let source = try plainBuffer(value)
        if graph[value].dtype == .float32 { return source }
        return convert(
            source, from: graph[value].dtype, to: .float32, shape: graph.shape(value))
    }

    private mutating func convert(_ source: Int, from: DType, to: DType, shape: [Int]) -> Int {
        let count = shape.reduce(1, *)
        let buffer = newBuffer(count * to.byteCount)
        let program = FusedElementwise.conversion(
            count: count, from: (source, from), to: (buffer, to))
        append("cast", program)
        return buffer
    }

    /// Appends a kernel that computes a value row-major in `float32`, and converts the result where the
    /// value is of another type.
    private mutating func appendInFloat32(
        _ name: String, _ result: Graph.Value, _ kernel: (_ result: Int) -> some Kernel
    ) throws(EngineError) {
        let (dtype, shape) = (graph[result].dtype, graph.shape(result))
        let layout = try MemoryDescriptor.plain(shape, dtype)
        let buffer =
            dtype == .float32 ? define(result, layout) : newBuffer(shape.reduce(1, *) * 4)
        append(name, flops: flops, kernel(buffer))
        if dtype != .float32 {
            let converted = convert(buffer, from: .float32, to: dtype, shape: shape)
            place(result, Placement(layout: layout, buffer: converted))
        }
    }

    mutating func lowerReduction(
        _ reduction: Reduction, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        var source = try floatBuffer(node.inputs[0])
        var shape = graph.shape(node.inputs[0])
        var axes = reduction.axes
        let first = axes.first ?? 0
        if axes != Array(first..<first + axes.count) {
            try checkAxes(shape)
            let rest = shape.indices.filter { !axes.contains($0) }
            let order = rest + axes
            let moved = newBuffer(shape.reduce(1, *) * 4)
            append(
                "transpose",
                StridedCopyKernel(
                    copy: .transposing(shape, order, elementSize: 4), source: source,
                    result: moved))
            source = moved
            shape = order.map { shape[$0] }
            axes = Array(rest.count..<shape.count)
        }
        let begin = axes.first ?? 0
        let split = AxisSplit(shape, begin..<begin + axes.count)
        try appendInFloat32(reduction.kind.rawValue, result) { buffer in
            ReductionKernel(kind: reduction.kind, split: split, source: source, result: buffer)
        }
    }

    mutating func lowerArgMax(_ argMax: ArgMax, _ node: Graph.Call, _ result: Graph.Value)
        throws(EngineError)
    {
        append(
            "argMax", flops: flops,
            ArgMaxKernel(
                split: AxisSplit(graph.shape(node.inputs[0]), axis: argMax.axis),
                source: try floatBuffer(node.inputs[0]),
                indices: define(result, try .plain(graph.shape(result), .int32))))
    }

    mutating func lowerSoftmax(_ softmax: Softmax, _ node: Graph.Call, _ result: Graph.Value)
        throws(EngineError)
    {
        let source = try floatBuffer(node.inputs[0])
        let split = AxisSplit(graph.shape(result), axis: softmax.axis)
        try appendInFloat32(softmax.name, result) { buffer in
            SoftmaxKernel(
                isLogarithm: softmax.isLogarithm, split: split, source: source, result: buffer)
        }
    }

    mutating func lowerCumulativeSum(
        _ sum: CumulativeSum, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        let source = try floatBuffer(node.inputs[0])
        let split = AxisSplit(graph.shape(result), axis: sum.axis)
        try appendInFloat32(sum.name, result) { buffer in
            CumulativeSumKernel(
                isExclusive: sum.isExclusive, isReversed: sum.isReversed, split: split,
                source: source, result: buffer)
        }
    }

    mutating func lowerOneHot(_ oneHot: OneHot, _ node: Graph.Call, _ result: Graph.Value)
        throws(EngineError)
    {
        append(
            "oneHot", flops: flops,
            OneHotKernel(
                count: graph.shape(node.inputs[0]).reduce(1, *), depth: oneHot.depth,
                indices: try plainBuffer(node.inputs[0]),
                result: define(result, try .plain(graph.shape(result), .float32))))
    }

    mutating func lowerInTopK(_ inTopK: InTopK, _ node: Graph.Call, _ result: Graph.Value)
        throws(EngineError)
    {
        let shape = graph.shape(node.inputs[0])
        append(
            "inTopK", flops: flops,
            InTopKKernel(
                rows: shape[0], classes: shape[1], k: inTopK.k,
                predictions: try floatBuffer(node.inputs[0]),
                targets: try plainBuffer(node.inputs[1]),
                result: define(result, try .plain(graph.shape(result), .float32))))
    }
}
