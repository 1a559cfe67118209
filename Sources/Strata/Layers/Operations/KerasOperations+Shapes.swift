internal import StrataGraph

extension KerasOperations {
    /// Reshaping, transposing, joining and slicing.
    static let shapes: Table = [
        "Reshape": { try $0.tensor().reshaped(Shape($0.newShape())) },
        "Ravel": { Ops.ravel(try $0.tensor()) },
        "Transpose": { try $0.transposed() },
        "Swapaxes": { Ops.swapaxes(try $0.tensor(), try $0.int("axis1"), try $0.int("axis2")) },
        "Moveaxis": { a in
            Ops.moveaxis(
                try a.tensor(), source: Axes(try a.ints("source") ?? []),
                destination: Axes(try a.ints("destination") ?? []))
        },
        "ExpandDims": { try $0.expanded() },
        "Squeeze": { try $0.squeezed() },
        "Concatenate": { .concatenated(try $0.list(), axis: try $0.int("axis", default: 0)) },
        "Hstack": { Ops.hstack(try $0.list()) },
        "Vstack": { Ops.vstack(try $0.list()) },
        "Stack": { Ops.stack(try $0.list(), axis: try $0.int("axis", default: 0)) },
        "Take": { Ops.take(try $0.tensor(), try $0.tensor(1), axis: try $0.optionalAxis()) },
        "GetItem": { try $0.item() },
        "Slice": { try $0.tensor().sliced(from: $0.ints(at: 1), sizes: $0.box()) },
        "Flip": { Ops.flip(try $0.tensor(), axis: try $0.axes().map(Axes.init)) },
        "Roll": { a in
            Ops.roll(
                try a.tensor(), shift: try a.ints("shift") ?? [],
                axis: try a.axes().map(Axes.init))
        },
        "Repeat": { a in
            Ops.repeat(
                try a.tensor(), try a.ints("repeats") ?? [1], axis: try a.optionalAxis())
        },
        "Tile": { Ops.tile(try $0.tensor(), try $0.ints("repeats") ?? []) },
        "Pad": { try $0.padded() },
        "BroadcastTo": { try $0.tensor().broadcast(to: Shape($0.ints("shape") ?? [])) },
        "Diff": { a in
            Ops.diff(
                try a.tensor(), n: try a.int("n", default: 1), axis: try a.int("axis", default: -1))
        },
        "Tril": { Ops.tril(try $0.tensor(), k: try $0.int("k", default: 0)) },
        "Triu": { Ops.triu(try $0.tensor(), k: try $0.int("k", default: 0)) },
        "ZerosLike": { try $0.filled(0) },
        "OnesLike": { try $0.filled(1) },
    ]
}

extension OperationArguments {
    fileprivate func newShape() throws -> [Int] {
        let name = configuration.value("newshape") == nil ? "shape" : "newshape"
        return try ints(name) ?? []
    }

    fileprivate func transposed() throws -> SymbolicTensor {
        Ops.transpose(try tensor(), axes: try axes("axes"))
    }

    fileprivate func expanded() throws -> SymbolicTensor {
        let x = try tensor()
        let axes = try ints("axis") ?? []
        let rank = x.rank + axes.count
        let positions = try Axes(axes).normalized(in: Shape(Array(repeating: 1, count: rank)))
        return positions.sorted().reduce(x) { Ops.expandDims($0, axis: $1) }
    }

    fileprivate func squeezed() throws -> SymbolicTensor {
        let x = try tensor()
        guard let axes = try axes() else { return Ops.squeeze(x) }
        return axes.sorted(by: >).reduce(x) { Ops.squeeze($0, axis: $1) }
    }

    /// A slice's sizes; -1 for all remaining elements.
    fileprivate func box() throws -> [Int] { try ints("shape") ?? [] }

    fileprivate func filled(_ value: Float) throws -> SymbolicTensor {
        let x = try tensor()
        _ = try sizes()
        return Ops.fullLike(x, value, dtype: try configuration.elementType(default: x.dtype))
    }

    fileprivate func padded() throws -> SymbolicTensor {
        let pairs = try configuration.array("pad_width").map { item in
            let reader = Configuration(["width": item], path: configuration.path("pad_width"))
            return try reader.ints("width")
        }
        guard pairs.allSatisfy({ $0.count == 1 || $0.count == 2 }) else {
            throw GraphError.Problem.invalidArgument(
                "pad_width is not a list of pairs", fix: "give two numbers for each axis")
        }
        let name = try configuration.string("mode", default: "constant")
        guard let mode = Ops.PadMode(rawValue: name) else {
            let known = Ops.PadMode.allCases.map(\.rawValue).joined(separator: ", ")
            throw GraphError.Problem.invalidArgument(
                "padding mode \(name) is not supported", fix: "use one of \(known)")
        }
        let value = try fillValue()
        return try same { x in
            Ops.pad(x, pairs.map { ($0[0], $0[$0.count - 1]) }, mode: mode, constantValues: value)
        }
    }

    private func fillValue() throws(GraphError.Problem) -> Float {
        switch argument(1, "constant_values") {
        case .none: return 0
        case .integer(let number): return Float(number)
        case .number(let number): return number
        case .tensor, .constant, .flag, .text, .list, .slice, .ellipsis:
            throw .invalidArgument("constant_values is not a number", fix: "pad with one number")
        }
    }

    // MARK: Parts

    func split() throws -> [SymbolicTensor] {
        let (x, axis) = (try tensor(), try int("axis", default: 0))
        guard let numbers = try ints("indices_or_sections") else {
            throw GraphError.Problem.invalidArgument(
                "indices_or_sections is missing", fix: "say how to split")
        }
        if case .array? = configuration.value("indices_or_sections") {
            return Ops.split(x, indices: numbers, axis: axis)
        }
        return Ops.split(x, sections: numbers[0], axis: axis)
    }
}
