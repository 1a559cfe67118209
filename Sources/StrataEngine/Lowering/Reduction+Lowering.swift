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
        let program = ElementwiseProgram.conversion(
            count: count, from: (source, from), to: (buffer, to))
        append(
            Plan.Step(name: "cast", kind: .program(program), reads: [source], writes: [buffer]))
        return buffer
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
                Plan.Step(
                    name: "transpose", kind: .copy(.transposing(shape, order, elementSize: 4)),
                    reads: [source], writes: [moved]))
            source = moved
            shape = order.map { shape[$0] }
            axes = Array(rest.count..<shape.count)
        }
        let begin = axes.first ?? 0
        let dtype = graph[result].dtype
        let layout = try MemoryDescriptor.plain(graph.shape(result), dtype)
        let count = graph.shape(result).reduce(1, *)
        let buffer = dtype == .float32 ? define(result, layout) : newBuffer(count * 4)
        append(
            Plan.Step(
                name: reduction.kind.rawValue,
                kind: .reduction(
                    kind: reduction.kind, outer: shape[..<begin].reduce(1, *),
                    length: shape[begin..<begin + axes.count].reduce(1, *),
                    inner: shape[(begin + axes.count)...].reduce(1, *)), reads: [source],
                writes: [buffer]))
        if dtype != .float32 {
            let converted = convert(
                buffer, from: .float32, to: dtype, shape: graph.shape(result))
            place(result, Placement(layout: layout, buffer: converted))
        }
    }

    /// `[outer, length, inner]` around an axis.
    private func split(_ shape: [Int], _ axis: Int) -> (outer: Int, length: Int, inner: Int) {
        (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
    }

    mutating func lowerArgMax(_ argMax: ArgMax, _ node: Graph.Call, _ result: Graph.Value)
        throws(EngineError)
    {
        let source = try floatBuffer(node.inputs[0])
        let parts = split(graph.shape(node.inputs[0]), argMax.axis)
        let buffer = define(result, try .plain(graph.shape(result), .int32))
        append(
            Plan.Step(
                name: "argMax",
                kind: .argMax(outer: parts.outer, length: parts.length, inner: parts.inner),
                reads: [source], writes: [buffer]))
    }

    mutating func lowerSoftmax(_ softmax: Softmax, _ node: Graph.Call, _ result: Graph.Value)
        throws(EngineError)
    {
        let source = try floatBuffer(node.inputs[0])
        let parts = split(graph.shape(result), softmax.axis)
        let dtype = graph[result].dtype
        let layout = try MemoryDescriptor.plain(graph.shape(result), dtype)
        let count = graph.shape(result).reduce(1, *)
        let buffer = dtype == .float32 ? define(result, layout) : newBuffer(count * 4)
        append(
            Plan.Step(
                name: softmax.isLogarithm ? "logSoftmax" : "softmax",
                kind: .softmax(
                    isLogarithm: softmax.isLogarithm, outer: parts.outer, length: parts.length,
                    inner: parts.inner), reads: [source], writes: [buffer]))
        if dtype != .float32 {
            let converted = convert(
                buffer, from: .float32, to: dtype, shape: graph.shape(result))
            place(result, Placement(layout: layout, buffer: converted))
        }
    }

    mutating func lowerOneHot(_ oneHot: OneHot, _ node: Graph.Call, _ result: Graph.Value)
        throws(EngineError)
    {
        let source = try plainBuffer(node.inputs[0])
        let buffer = define(result, try .plain(graph.shape(result), .float32))
        let count = graph.shape(node.inputs[0]).reduce(1, *)
        append(
            Plan.Step(
                name: "oneHot", kind: .oneHot(count: count, depth: oneHot.depth), reads: [source],
                writes: [buffer]))
    }

    mutating func lowerInTopK(_ inTopK: InTopK, _ node: Graph.Call, _ result: Graph.Value)
        throws(EngineError)
    {
        let reads = [try floatBuffer(node.inputs[0]), try plainBuffer(node.inputs[1])]
        let shape = graph.shape(node.inputs[0])
        let buffer = define(result, try .plain(graph.shape(result), .float32))
        append(
            Plan.Step(
                name: "inTopK", kind: .inTopK(rows: shape[0], classes: shape[1], k: inTopK.k),
                reads: reads, writes: [buffer]))
    }
}
