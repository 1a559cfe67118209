internal import StrataGraph

// Operations that reshape, transpose, join and slice.

extension Reshape: ONNXConvertible {
    var takesLengths: Bool { true }

    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        let x = inputs[0]
        let shape = try onnx.resultShape()
        let name = try onnx.writer.name(of: x, order: x.isRowMajor ? x.order : nil)
        let unknown = shape.filter { !$0.isFixed }
        // One length may be inferred; zeros would keep lengths.
        let isSimple = unknown.count <= 1 && !shape.contains(.fixed(0))
        let list =
            isSimple
            ? onnx.writer.list(
                shape.map { length in
                    if case .fixed(let value) = length { value } else { -1 }
                })
            : shape.contains(.open)
                ? try onnx.openList(shape, of: name, isMoved: x.isRowMajor && !x.isOrdered)
                : try onnx.writer.list(of: shape)
        return try onnx.result(onnx.writer.emit("Reshape", [name, list]))
    }
}

extension ONNXTranslation {
    /// The lengths of a reshape with several lengths that are known only at run time: they are
    /// products of consecutive lengths of the input, except for one that may be inferred.
    fileprivate mutating func openList(
        _ shape: [ONNXDimension], of name: String, isMoved: Bool
    ) throws -> String {
        let source = trace.graph.nodes[number].inputs[0]
        let runs = trace.runs(from: source, to: Graph.Value(node: number, output: 0))
        var unknown = 0
        let parts = try zip(shape, runs).map { length, run -> String in
            if length != .open { return try writer.list(of: [length]) }
            guard let run, !isMoved else {
                unknown += 1
                return writer.list([-1])
            }
            let lengths = writer.emit(
                "Shape", [name],
                [("start", .integer(run.lowerBound)), ("end", .integer(run.upperBound))])
            return run.count == 1
                ? lengths
                : writer.reduce("ReduceProd", lengths, axes: [0], keepsDimensions: true)
        }
        if unknown > 1 { throw ONNXError(.dependsOnSize("reshape takes")) }
        return writer.emit("Concat", parts, [("axis", .integer(0))])
    }
}

extension Transpose: ONNXConvertible {
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        var value = inputs[0]
        value.shape = order.map { inputs[0].shape[$0] }
        value.order = order.map { inputs[0].order[$0] }
        return value
    }
}

extension Broadcast: ONNXConvertible {
    var takesLengths: Bool { true }

    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        let x = inputs[0]
        let shape = try onnx.resultShape()
        let extra = shape.count - x.rank
        // A length of 1 keeps the existing one, so that most shapes are known.
        let wanted = shape.enumerated().map { axis, length in
            axis >= extra && x.shape[axis - extra] == length ? ONNXDimension.fixed(1) : length
        }
        let list = try onnx.writer.list(of: wanted)
        return try onnx.result(onnx.writer.emit("Expand", [try onnx.writer.name(of: x), list]))
    }
}

extension Pad: ONNXConvertible {
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        let x = inputs[0]
        let axes = inverse(x.order)
        let amounts = onnx.writer.list(axes.map { before[$0] } + axes.map { after[$0] })
        let value = try x.dtype.isFloatingPoint ? onnx.writer.number(self.value) : ""
        let name = try onnx.writer.name(of: x, order: x.order)
        return try onnx.result(
            onnx.writer.emit("Pad", [name, amounts] + (value.isEmpty ? [] : [value])),
            order: x.order)
    }
}

extension Slice: ONNXConvertible {
    var takesLengths: Bool { true }

    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        let x = inputs[0]
        let number = onnx.number
        let shape = try onnx.resultShape()
        var (starts, ends, axes): ([Int], [Int], [Int]) = ([], [], [])
        for axis in x.shape.indices {
            let start = try onnx.trace.value(of: number) { $0.slice(number)?.start[axis] ?? 0 }
            if start == 0, shape[axis] == x.shape[axis],
                onnx.trace.isSame({ $0.rest(number, axis) }),
                onnx.trace.graph.rest(number, axis) == 0
            {
                continue
            }
            starts.append(start)
            axes.append(x.order[axis])
            switch shape[axis] {
            case .fixed(let size): ends.append(start + size)
            case .batch: throw ONNXError(.dependsOnBatch("slice takes"))
            // Counted from the end.
            case .open:
                let rest = try onnx.trace.value(of: number) { $0.rest(number, axis) }
                ends.append(rest == 0 ? .max : -rest)
            }
        }
        if axes.isEmpty { return x }
        let lists = [onnx.writer.list(starts), onnx.writer.list(ends), onnx.writer.list(axes)]
        let name = try onnx.writer.name(of: x, order: x.order)
        return try onnx.result(onnx.writer.emit("Slice", [name] + lists), order: x.order)
    }
}

extension Concatenate: ONNXConvertible {
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        let order =
            try inputs.first { !$0.isConstant }?.order ?? Array(onnx.resultShape().indices)
        let names = try inputs.map { try onnx.writer.name(of: $0, order: order) }
        return try onnx.result(
            onnx.writer.emit("Concat", names, [("axis", .integer(order[axis]))]), order: order)
    }
}

extension Gather: ONNXConvertible {
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        try onnx.plain("Gather", inputs)
    }
}

extension Graph {
    fileprivate func slice(_ node: Int) -> Slice? {
        if case .slice(let slice) = nodes[node].operation { slice } else { nil }
    }

    /// The remainder of a slice at the end of an axis.
    fileprivate func rest(_ node: Int, _ axis: Int) -> Int {
        let start = slice(node)?.start[axis] ?? 0
        return shape(nodes[node].inputs[0])[axis] - start
            - shape(Value(node: node, output: 0))[axis]
    }
}

extension ONNXValue {
    /// Whether all axes are in their own order.
    fileprivate var isOrdered: Bool { order == Array(order.indices) }
}
