internal import StrataGraph

// Operations that move, join and cut; and those that look along an axis.

extension ONNXTranslation {
    mutating func reshaped(_ x: ONNXValue) throws -> ONNXValue {
        let shape = try resultShape()
        let name = try writer.name(of: x, order: x.isRowMajor ? x.order : nil)
        let unknown = shape.filter { !$0.isFixed }
        // One length may be left to be found; zeros would stand for lengths that are kept.
        let isSimple = unknown.count <= 1 && !shape.contains(.fixed(0))
        let list =
            isSimple
            ? writer.list(
                shape.map { length in
                    if case .fixed(let value) = length { value } else { -1 }
                })
            : shape.contains(.open)
                ? try openList(shape, of: name, isMoved: x.isRowMajor && !x.isOrdered)
                : try writer.list(of: shape)
        return try result(writer.emit("Reshape", [name, list]))
    }

    /// The lengths of a reshape of which several are only known when the model runs: they are products of
    /// lengths that follow each other in what is reshaped, but for one that may be left to be found.
    private mutating func openList(
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
                : writer.emit(
                    "ReduceProd", [lengths], [("axes", .integers([0])), ("keepdims", .integer(1))])
        }
        if unknown > 1 { throw ONNXError.notForEverySize("reshape takes") }
        return writer.emit("Concat", parts, [("axis", .integer(0))])
    }

    mutating func transposed(_ x: ONNXValue, _ axes: [Int]) throws -> ONNXValue {
        var value = x
        value.shape = axes.map { x.shape[$0] }
        value.order = axes.map { x.order[$0] }
        return value
    }

    mutating func expanded(_ x: ONNXValue) throws -> ONNXValue {
        let shape = try resultShape()
        let extra = shape.count - x.rank
        // A length of 1 leaves what is there, so that most shapes are known.
        let wanted = shape.enumerated().map { axis, length in
            axis >= extra && x.shape[axis - extra] == length ? ONNXDimension.fixed(1) : length
        }
        let list = try writer.list(of: wanted)
        return try result(writer.emit("Expand", [try writer.name(of: x), list]))
    }

    mutating func padded(_ x: ONNXValue, _ pad: Pad) throws -> ONNXValue {
        try checkSize()
        let axes = x.order.indices.sorted { x.order[$0] < x.order[$1] }
        let amounts = writer.list(axes.map { pad.low[$0] } + axes.map { pad.high[$0] })
        let value = try x.dtype.isFloatingPoint ? writer.number(pad.value) : ""
        let name = try writer.name(of: x, order: x.order)
        return try result(
            writer.emit("Pad", [name, amounts] + (value.isEmpty ? [] : [value])), order: x.order)
    }

    mutating func sliced(_ x: ONNXValue, _ slice: Slice) throws -> ONNXValue {
        let number = number
        let shape = try resultShape()
        var (starts, ends, axes): ([Int], [Int], [Int]) = ([], [], [])
        for axis in x.shape.indices {
            let start = try trace.value(of: number) { $0.slice(number)?.start[axis] ?? 0 }
            if start == 0, shape[axis] == x.shape[axis], trace.isSame({ $0.rest(number, axis) }),
                trace.graph.rest(number, axis) == 0
            {
                continue
            }
            starts.append(start)
            axes.append(x.order[axis])
            switch shape[axis] {
            case .fixed(let size): ends.append(start + size)
            case .batch: throw ONNXError.notForEveryBatch("slice takes")
            // Counted from the end.
            case .open:
                let rest = try trace.value(of: number) { $0.rest(number, axis) }
                ends.append(rest == 0 ? .max : -rest)
            }
        }
        if axes.isEmpty { return x }
        let lists = [writer.list(starts), writer.list(ends), writer.list(axes)]
        let name = try writer.name(of: x, order: x.order)
        return try result(writer.emit("Slice", [name] + lists), order: x.order)
    }

    mutating func joined(_ inputs: [ONNXValue], axis: Int) throws -> ONNXValue {
        let order =
            try inputs.first { !$0.isConstant }?.order ?? Array(resultShape().indices)
        let names = try inputs.map { try writer.name(of: $0, order: order) }
        return try result(
            writer.emit("Concat", names, [("axis", .integer(order[axis]))]), order: order)
    }

    mutating func reduced(_ x: ONNXValue, _ reduction: Reduction) throws -> ONNXValue {
        try reduced(
            x, reduction.kind, axes: reduction.axes, keepsDimensions: reduction.keepDimensions)
    }

    mutating func reduced(
        _ x: ONNXValue, _ kind: Reduction.Kind, axes reducedAxes: [Int], keepsDimensions: Bool
    ) throws -> ONNXValue {
        let operatorName =
            switch kind {
            case .sum: "ReduceSum"
            case .mean: "ReduceMean"
            case .maximum: "ReduceMax"
            case .minimum: "ReduceMin"
            case .product: "ReduceProd"
            }
        let axes = reducedAxes.map { x.order[$0] }.sorted()
        let keeps = ("keepdims", ONNXFile.Attribute.integer(keepsDimensions ? 1 : 0))
        let name = try writer.name(of: x, order: x.order)
        // Since operator set 13 the sum takes its axes as an input, the others only since 18.
        let reduced =
            kind == .sum
            ? writer.emit(operatorName, [name, writer.list(axes)], [keeps])
            : writer.emit(operatorName, [name], [("axes", .integers(axes)), keeps])
        let order = keepsDimensions ? x.order : x.order(without: reducedAxes)
        return try result(reduced, order: order)
    }

    mutating func argMax(_ x: ONNXValue, axis: Int) throws -> ONNXValue {
        let name = writer.emit(
            "ArgMax", [try writer.name(of: x, order: x.order)],
            [("axis", .integer(x.order[axis])), ("keepdims", .integer(0))])
        return try result(castName(name, to: .int32), order: x.order(without: [axis]))
    }

    mutating func normalized(_ x: ONNXValue, _ softmax: StrataGraph.Softmax) throws -> ONNXValue {
        let name = writer.emit(
            softmax.isLogarithm ? "LogSoftmax" : "Softmax",
            [try writer.name(of: x, order: x.order)],
            [("axis", .integer(x.order[softmax.axis]))])
        return try result(name, order: x.order)
    }

    /// Compared with all numbers below the depth; ONNX's own operator counts negative ones from the end.
    mutating func oneHot(_ x: ONNXValue, depth: Int) throws -> ONNXValue {
        let column = writer.emit("Unsqueeze", [try writer.name(of: x), writer.list([-1])])
        let numbers = Tensor((0..<depth).map { Int32($0) })
        let row = try writer.name(
            of: ONNXValue(
                source: .constant(numbers, name: "below_\(depth)"), dtype: .int32,
                shape: [.fixed(depth)], order: [0]))
        return try result(castName(writer.emit("Equal", [column, row]), to: .float32))
    }

    mutating func innerProduct(_ inputs: [ONNXValue]) throws -> ONNXValue {
        let image = inputs[0]
        var rows = try writer.name(of: image, order: image.isRowMajor ? image.order : nil)
        if image.rank > 2 { rows = writer.emit("Flatten", [rows], [("axis", .integer(1))]) }
        let others = try inputs.dropFirst().map { try writer.name(of: $0) }
        return try result(writer.emit("Gemm", [rows] + others))
    }
}

extension Graph {
    fileprivate func slice(_ node: Int) -> Slice? {
        if case .slice(let slice) = nodes[node].operation { slice } else { nil }
    }

    /// What a slice leaves over at the end of an axis.
    fileprivate func rest(_ node: Int, _ axis: Int) -> Int {
        let start = slice(node)?.start[axis] ?? 0
        return shape(nodes[node].inputs[0])[axis] - start
            - shape(Value(node: node, output: 0))[axis]
    }
}

extension ONNXValue {
    /// Whether all axes lie in their own order.
    fileprivate var isOrdered: Bool { order == Array(order.indices) }

    /// The order of the axes that are left when some are gone.
    fileprivate func order(without axes: [Int]) -> [Int] {
        let left = order.indices.filter { !axes.contains($0) }.map { order[$0] }
        return left.map { place in left.filter { $0 < place }.count }
    }
}
