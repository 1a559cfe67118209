internal import StrataGraph

extension KerasOperations {
    /// Elements that get another place.
    static let shapes: Table = [
        "Reshape": { try $0.tensor().reshaped(Shape($0.newShape())) },
        "Ravel": { try $0.tensor().reshaped([-1]) },
        "Transpose": { try $0.transposed() },
        "Swapaxes": { Ops.swapaxes(try $0.tensor(), try $0.int("axis1"), try $0.int("axis2")) },
        "Moveaxis": { try $0.moved() },
        "ExpandDims": { try $0.expanded() },
        "Squeeze": { try $0.squeezed() },
        "Concatenate": { .concatenated(try $0.list(), axis: try $0.int("axis", default: 0)) },
        "Hstack": { a in
            let all = try a.list()
            return .concatenated(all, axis: all[0].rank == 1 ? 0 : 1)
        },
        "Vstack": { .concatenated(try $0.list(), axis: 0) },
        "Stack": { Ops.stack(try $0.list(), axis: try $0.int("axis", default: 0)) },
        "Take": { try $0.taken() },
        "GetItem": { try $0.item() },
        "Slice": { try $0.tensor().sliced(from: $0.ints(at: 1), sizes: $0.box()) },
        "Flip": { try $0.flipped() },
        "Roll": { try $0.rolled() },
        "Repeat": { try $0.repeated() },
        "Tile": { try $0.tiled() },
        "Pad": { try $0.padded() },
        "BroadcastTo": { try $0.tensor().broadcast(to: Shape($0.ints("shape") ?? [])) },
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

    fileprivate func moved() throws -> SymbolicTensor {
        let x = try tensor()
        let sources = try axes("source") ?? []
        let targets = try axes("destination") ?? []
        guard sources.count == targets.count else {
            throw GraphError.Problem.invalidArgument(
                "axes \(sources) cannot be moved to \(targets)", fix: "name as many of both")
        }
        var order = (0..<x.rank).filter { !sources.contains($0) }
        for (target, source) in zip(targets, sources).sorted(by: { $0.0 < $1.0 }) {
            order.insert(source, at: target)
        }
        return x.transposed(order)
    }

    fileprivate func expanded() throws -> SymbolicTensor {
        let x = try tensor()
        let axes = try ints("axis") ?? []
        let rank = x.rank + axes.count
        let places = try Axes(axes).places(in: Shape(Array(repeating: 1, count: rank)))
        return places.sorted().reduce(x) { Ops.expandDims($0, axis: $1) }
    }

    fileprivate func squeezed() throws -> SymbolicTensor {
        let x = try tensor()
        guard let axes = try axes() else { return Ops.squeeze(x) }
        return axes.sorted(by: >).reduce(x) { Ops.squeeze($0, axis: $1) }
    }

    /// A box's sizes, where -1 is all that is left.
    fileprivate func box() throws -> [Int] { try ints("shape") ?? [] }

    fileprivate func taken() throws -> SymbolicTensor {
        let x = try tensor()
        let indices = try tensor(1)
        guard configuration.value("axis") != nil else {
            return x.reshaped([-1]).gathered(indices)
        }
        return x.gathered(indices, axis: try axis())
    }

    fileprivate func filled(_ value: Float) throws -> SymbolicTensor {
        let x = try tensor()
        let shape = Shape(try sizes())
        return SymbolicTensor.constant(value).broadcast(to: shape)
            .cast(to: try configuration.elementType(default: x.dtype))
    }

    // MARK: Places along an axis

    /// The slices at some places of an axis.
    fileprivate func gathered(
        _ x: SymbolicTensor, _ places: [Int], axis: Int
    ) throws(GraphError.Problem) -> SymbolicTensor {
        x.gathered(.constant(Tensor(places.map { Int32(clamping: $0) })), axis: axis)
    }

    /// - Throws: where a list of so many places would be too long.
    private func check(placeCount: Int) throws(GraphError.Problem) {
        guard placeCount <= 1 << 20 else {
            throw .invalidArgument("an axis would get \(placeCount) places", fix: "use fewer")
        }
    }

    private func knownLength(
        _ x: SymbolicTensor, _ axis: Int
    ) throws(GraphError.Problem) -> Int {
        guard let length = x.shape[axis] else {
            throw .unknownDimension(x.shape, needed: "axis \(axis)")
        }
        try check(placeCount: length)
        return length
    }

    fileprivate func flipped() throws -> SymbolicTensor {
        let x = try tensor()
        return try (axes() ?? Array(0..<x.rank)).reduce(x) { x, axis in
            try gathered(x, (0..<knownLength(x, axis)).reversed(), axis: axis)
        }
    }

    fileprivate func rolled() throws -> SymbolicTensor {
        let x = try tensor()
        let shifts = try ints("shift") ?? []
        guard let axes = try axes() else {
            let flat = x.reshaped([Shape(try sizes()).elementCount ?? -1])
            return try rolled(flat, shifts.reduce(0, +), axis: 0).reshaped(x.shape)
        }
        guard shifts.count == axes.count || shifts.count == 1 else {
            throw GraphError.Problem.invalidArgument(
                "\(shifts.count) shifts for \(axes.count) axes", fix: "give one for each axis")
        }
        return try axes.enumerated().reduce(x) { x, entry in
            try rolled(x, shifts[shifts.count == 1 ? 0 : entry.offset], axis: entry.element)
        }
    }

    private func rolled(
        _ x: SymbolicTensor, _ shift: Int, axis: Int
    ) throws(GraphError.Problem) -> SymbolicTensor {
        let length = try knownLength(x, axis)
        let places = (0..<length).map { (($0 - shift) % length + length) % length }
        return try gathered(x, places, axis: axis)
    }

    fileprivate func repeated() throws -> SymbolicTensor {
        var x = try tensor()
        var axis = 0
        if configuration.value("axis") == nil {
            x = x.reshaped([Shape(try sizes()).elementCount ?? -1])
        } else {
            axis = try self.axis()
        }
        let counts = try ints("repeats") ?? [1]
        let length = try knownLength(x, axis)
        guard counts.count == length || counts.count == 1, counts.allSatisfy({ $0 >= 0 }) else {
            throw GraphError.Problem.invalidArgument(
                "\(counts) repeats are given for \(length) places",
                fix: "give one number, or one for each place")
        }
        let all = (0..<length).map { counts[counts.count == 1 ? 0 : $0] }
        try check(placeCount: all.reduce(0, +))
        let places = all.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
        return try gathered(x, places, axis: axis)
    }

    fileprivate func tiled() throws -> SymbolicTensor {
        var x = try tensor()
        var counts = try ints("repeats") ?? []
        counts = Array(repeating: 1, count: max(x.rank - counts.count, 0)) + counts
        while x.rank < counts.count { x = Ops.expandDims(x, axis: 0) }
        for (axis, count) in counts.enumerated() where count != 1 {
            guard count >= 0 else {
                throw GraphError.Problem.invalidArgument(
                    "tiles of \(count)", fix: "use 0 or more")
            }
            let length = try knownLength(x, axis)
            try check(placeCount: length * count)
            x = try gathered(x, (0..<length * count).map { $0 % length }, axis: axis)
        }
        return x
    }

    // MARK: Padding

    fileprivate func padded() throws -> SymbolicTensor {
        let x = try tensor()
        let widths = try padWidths(rank: x.rank)
        let mode = try configuration.string("mode", default: "constant")
        if mode == "constant" {
            let value: Float
            switch argument(1, "constant_values") {
            case .none: value = 0
            case .integer(let number): value = Float(number)
            case .number(let number): value = number
            case .tensor, .constant, .flag, .text, .list, .slice, .ellipsis:
                throw GraphError.Problem.invalidArgument(
                    "constant_values is not a number", fix: "pad with one number")
            }
            return try same { x in
                x.padded(low: widths.map(\.low), high: widths.map(\.high), value: value)
            }
        }
        return try widths.enumerated().reduce(x) { x, entry in
            let (axis, width) = (entry.offset, entry.element)
            if width.low == 0, width.high == 0 { return x }
            let length = try knownLength(x, axis)
            try check(placeCount: length + width.low + width.high)
            let places = try (-width.low..<length + width.high).map { place in
                try Self.place(place, of: length, mode)
            }
            return try gathered(x, places, axis: axis)
        }
    }

    /// Which of `length` places stands at a place before, within or after them (NumPy's `pad`).
    private static func place(
        _ place: Int, of length: Int, _ mode: String
    ) throws(GraphError.Problem) -> Int {
        guard length > 0 else { return 0 }
        switch mode {
        case "edge": return min(max(place, 0), length - 1)
        case "wrap": return (place % length + length) % length
        case "symmetric":
            let period = ((place % (2 * length)) + 2 * length) % (2 * length)
            return period < length ? period : 2 * length - 1 - period
        case "reflect":
            let whole = max(2 * (length - 1), 1)
            let period = ((place % whole) + whole) % whole
            return period < length ? period : whole - period
        default:
            throw .invalidArgument(
                "padding mode \(mode) is not supported",
                fix: "use constant, edge, reflect, symmetric or wrap")
        }
    }

    private func padWidths(rank: Int) throws -> [(low: Int, high: Int)] {
        let members = try configuration.array("pad_width")
        let pairs = try members.map { item in
            let reader = Configuration(["width": item], path: configuration.path("pad_width"))
            return try reader.ints("width")
        }
        // One number, or one pair, is for both sides of all axes.
        let all = pairs.count == 1 ? Array(repeating: pairs[0], count: rank) : pairs
        guard all.count == rank, all.allSatisfy({ $0.count == 1 || $0.count == 2 }),
            all.joined().allSatisfy({ (0...1 << 24).contains($0) })
        else {
            throw GraphError.Problem.invalidArgument(
                "pad_width does not fit \(rank) axes",
                fix: "give two numbers from 0 on for each axis")
        }
        return all.map { ($0[0], $0[$0.count - 1]) }
    }

    // MARK: Parts

    func split() throws -> [SymbolicTensor] {
        let x = try tensor()
        let axis = try axis(default: 0)
        guard let numbers = try ints("indices_or_sections") else {
            throw GraphError.Problem.invalidArgument(
                "indices_or_sections is missing", fix: "say how to split")
        }
        let length = try length(axis)
        var ends: [Int]
        if case .array? = configuration.value("indices_or_sections") {
            // Negative ones count from the end, and what lies outside is brought to it.
            ends = numbers.map { min(max($0 < 0 ? $0 + length : $0, 0), length) } + [length]
        } else {
            let count = numbers[0]
            guard count > 0, count <= 4096, length % count == 0 else {
                throw GraphError.Problem.notDivisible(
                    what: "axis \(axis)", count: length, by: "sections", divisor: count)
            }
            ends = (1...count).map { $0 * (length / count) }
        }
        var start = 0
        return ends.map { end in
            defer { start = end }
            return x.sliced(axis, from: start, count: max(end - start, 0))
        }
    }

    func unstacked() throws -> [SymbolicTensor] {
        let x = try tensor()
        let axis = try axis(default: 0)
        let length = try length(axis)
        guard length <= 4096 else {
            throw GraphError.Problem.invalidArgument(
                "axis \(axis) has \(length) places", fix: "unstack a shorter one")
        }
        return (0..<length).map { place in
            let part = x.sliced(axis, from: place, count: 1)
            return Ops.squeeze(part, axis: axis)
        }
    }
}

extension SymbolicTensor {
    /// Some places of one axis, and all of the others.
    func sliced(_ axis: Int, from start: Int, count: Int) -> SymbolicTensor {
        var (starts, sizes) = (shape.dimensions.map { _ in 0 }, shape.dimensions.map { $0 ?? -1 })
        starts[axis] = start
        sizes[axis] = count
        return sliced(from: starts, sizes: sizes)
    }
}
