internal import CKernels
internal import StrataGraph

extension PlanBuilder {
    /// The same memory under another shape.
    mutating func lowerReshape(_ node: Graph.Call, _ result: Graph.Value) throws(EngineError) {
        let buffer = try plainBuffer(node.inputs[0])
        let layout = try MemoryDescriptor.plain(graph.shape(result), graph[result].dtype)
        place(result, Placement(layout: layout, buffer: buffer))
    }

    /// The loops of copies and of broadcasting count a fixed number of axes.
    func checkAxes(_ shape: [Int]) throws(EngineError) {
        guard shape.count <= Int(STRATA_MAX_AXES) else {
            throw EngineError(
                "a tensor of \(shape.count) axes was given; at most \(STRATA_MAX_AXES) are possible; "
                    + "reshape it to fewer")
        }
    }

    private mutating func appendCopy(
        _ name: String, _ copy: StridedCopy, from source: Graph.Value, to result: Graph.Value
    ) throws(EngineError) {
        try checkAxes(copy.dims)
        let read = try plainBuffer(source)
        let buffer = define(result, try .plain(graph.shape(result), graph[result].dtype))
        append(name, StridedCopyKernel(copy: copy, source: read, result: buffer))
    }

    mutating func lowerTranspose(
        _ transpose: Transpose, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        let copy = StridedCopy.transposing(
            graph.shape(node.inputs[0]), transpose.order,
            elementSize: graph[result].dtype.byteCount)
        try appendCopy("transpose", copy, from: node.inputs[0], to: result)
    }

    mutating func lowerPad(_ pad: Pad, _ node: Graph.Call, _ result: Graph.Value)
        throws(EngineError)
    {
        let dtype = graph[result].dtype
        guard dtype == .float32 || pad.value == 0 else {
            throw EngineError("padding \(dtype) with \(pad.value) is not supported; pad float32")
        }
        let strides = rowMajorStrides(graph.shape(result))
        let shape = graph.shape(node.inputs[0])
        let count = graph.shape(result).reduce(1, *)
        // Zeros are the same bytes in every type, so they are counted in float32.
        let words = (count * dtype.byteCount + 3) / 4
        let copy = StridedCopy(
            dims: shape, sourceStrides: rowMajorStrides(shape), destinationStrides: strides,
            destinationOffset: zip(pad.before, strides).map(*).reduce(0, +),
            elementSize: dtype.byteCount, fill: (pad.value, words))
        try appendCopy("pad", copy, from: node.inputs[0], to: result)
    }

    mutating func lowerSlice(_ slice: Slice, _ node: Graph.Call, _ result: Graph.Value)
        throws(EngineError)
    {
        let strides = rowMajorStrides(graph.shape(node.inputs[0]))
        let copy = StridedCopy(
            dims: slice.sizes, sourceStrides: strides,
            destinationStrides: rowMajorStrides(slice.sizes),
            sourceOffset: zip(slice.start, strides).map(*).reduce(0, +),
            elementSize: graph[result].dtype.byteCount)
        try appendCopy("slice", copy, from: node.inputs[0], to: result)
    }

    mutating func lowerConcatenate(
        _ concatenate: Concatenate, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        var sources: [Placement] = []
        for input in node.inputs { sources.append(try imagePlacement(input)) }
        let descriptor = try PrimitiveDescriptor.concatenation(
            sources.map(\.layout), axis: concatenate.axis)
        let destination = descriptor.destination
        let buffer = define(result, destination)
        append(
            "concatenate", descriptor,
            reads: sources.enumerated().map { number, source in
                (Argument.multipleSource + Int32(number), source.layout, source.buffer)
            }, writes: [(Argument.destination, destination, buffer)])
    }
}
