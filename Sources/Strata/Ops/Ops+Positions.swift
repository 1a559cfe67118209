extension Ops {
    // MARK: Positions along axes, whose lengths must be known

    /// The padding mode of ``pad(_:_:mode:constantValues:)``.
    public enum PadMode: String, Sendable, CaseIterable {
        /// A constant value.
        case constant
        /// The first and the last element, repeated.
        case edge
        /// The elements, reflected at the first and the last one without repeating them.
        case reflect
        /// The elements, reflected at the edges.
        case symmetric
        /// The elements from the other end, wrapped around.
        case wrap
    }

    /// Pads elements before and after each axis.
    ///
    /// - Parameter padWidth: the padding before and after each axis, or one pair for all.
    public static func pad(
        _ x: SymbolicTensor, _ padWidth: [(before: Int, after: Int)], mode: PadMode = .constant,
        constantValues: Float = 0
    ) -> SymbolicTensor {
        attempt(x) { () throws(GraphError.Problem) in
            let widths =
                padWidth.count == 1 ? Array(repeating: padWidth[0], count: x.rank) : padWidth
            let numbers = widths.flatMap { [$0.before, $0.after] }
            guard widths.count == x.rank, numbers.allSatisfy({ (0...1 << 24).contains($0) }) else {
                throw .invalidArgument(
                    "\(padWidth.count) widths do not fit \(x.shape)",
                    fix: "give two numbers from 0 to \(1 << 24) for each axis")
            }
            if mode == .constant {
                return x.padded(
                    before: widths.map(\.before), after: widths.map(\.after), value: constantValues)
            }
            var result = x
            for (axis, width) in widths.enumerated() where width != (0, 0) {
                let length = try result.axisLength(axis)
                try check(axisLength: length + width.before + width.after)
                let positions = (-width.before..<length + width.after).map {
                    mode.position($0, of: length)
                }
                result = result.gathered(positions, axis: axis)
            }
            return result
        }
    }

    /// The elements in reverse order along axes, or along all.
    public static func flip(_ x: SymbolicTensor, axis: (any IntegerList)? = nil) -> SymbolicTensor {
        attempt(x) { () throws(GraphError.Problem) in
            var result = x
            for axis in try axis.map(Axes.init)?.normalized(in: x.shape) ?? Array(0..<x.rank) {
                result = result.gathered(
                    (0..<(try result.axisLength(axis))).reversed(), axis: axis)
            }
            return result
        }
    }

    /// The elements rolled along axes; of the flattened tensor without an axis.
    ///
    /// - Parameter shift: the number of positions, one for each axis or one for all.
    public static func roll(_ x: SymbolicTensor, shift: [Int], axis: (any IntegerList)? = nil)
        -> SymbolicTensor
    {
        attempt(x) { () throws(GraphError.Problem) in
            guard let axis else {
                let flat = try x.flat()
                let sum = shift.reduce(0) { $0 &+ $1 }
                return roll(flat, shift: [sum], axis: 0).reshaped(x.shape)
            }
            let axes = try Axes(axis).normalized(in: x.shape)
            guard shift.count == axes.count || shift.count == 1 else {
                throw .invalidArgument(
                    "\(shift.count) shifts for \(axes.count) axes", fix: "give one for each axis")
            }
            var result = x
            for (number, axis) in axes.enumerated() {
                let length = try result.axisLength(axis)
                guard length > 0 else { continue }
                let by = shift[shift.count == 1 ? 0 : number] % length
                let positions = (0..<length).map { ($0 - by + length) % length }
                result = result.gathered(positions, axis: axis)
            }
            return result
        }
    }

    /// Each element repeated; of the flattened tensor without an axis.
    ///
    /// - Parameter repeats: the number of repetitions, one for each index of the axis or one for
    ///   all.
    public static func `repeat`(_ x: SymbolicTensor, _ repeats: [Int], axis: Int? = nil)
        -> SymbolicTensor
    {
        attempt(x) { () throws(GraphError.Problem) in
            let values = try axis == nil ? x.flat() : x
            let position = try Axes([axis ?? 0]).normalized(in: values.shape)[0]
            let length = try values.axisLength(position)
            guard repeats.count == length || repeats.count == 1,
                repeats.allSatisfy({ (0...1 << 24).contains($0) })
            else {
                throw .invalidArgument(
                    "\(repeats) repeats are given for \(length) elements",
                    fix: "give one number, or one for each element")
            }
            let counts = repeats.count == 1 ? Array(repeating: repeats[0], count: length) : repeats
            try check(axisLength: counts.reduce(0, +))
            let positions = counts.enumerated().flatMap {
                Array(repeating: $0.offset, count: $0.element)
            }
            return values.gathered(positions, axis: position)
        }
    }

    /// The tensor tiled along each of its last axes.
    public static func tile(_ x: SymbolicTensor, _ repeats: [Int]) -> SymbolicTensor {
        attempt(x) { () throws(GraphError.Problem) in
            guard repeats.count <= 32, repeats.allSatisfy({ (0...1 << 24).contains($0) }) else {
                throw .invalidArgument(
                    "tiles of \(repeats)", fix: "use numbers from 0 to \(1 << 24)")
            }
            var result = x
            while result.rank < repeats.count { result = expandDims(result, axis: 0) }
            let first = result.rank - repeats.count
            for (number, count) in repeats.enumerated() where count != 1 {
                let length = try result.axisLength(first + number)
                try check(axisLength: length * count)
                result = result.gathered(
                    (0..<length * count).map { $0 % length }, axis: first + number)
            }
            return result
        }
    }

    /// Slices along an axis, one for each index; of the flattened tensor without an axis.
    ///
    /// Negative indices count from the end.
    public static func take(_ x: SymbolicTensor, _ indices: SymbolicTensor, axis: Int? = nil)
        -> SymbolicTensor
    {
        axis.map { x.gathered(indices, axis: $0) } ?? x.reshaped([-1]).gathered(indices)
    }

    /// The parts of an axis between indices.
    ///
    /// - Parameter indices: the split points; negative ones count from the end.
    public static func split(_ x: SymbolicTensor, indices: [Int], axis: Int = 0)
        -> [SymbolicTensor]
    {
        parts(of: x, axis) { length in
            // As in NumPy, split points out of range are clipped.
            indices.map { Swift.min(Swift.max($0 < 0 ? $0 &+ length : $0, 0), length) } + [length]
        }
    }

    /// Equal parts of an axis.
    public static func split(_ x: SymbolicTensor, sections: Int, axis: Int = 0)
        -> [SymbolicTensor]
    {
        parts(of: x, axis) { (length) throws(GraphError.Problem) in
            guard (1...1 << 12).contains(sections), length % sections == 0 else {
                throw .notDivisible(
                    what: "axis \(axis)", count: length, by: "sections", divisor: sections)
            }
            return (1...sections).map { $0 * (length / sections) }
        }
    }

    /// The slices of an axis, without it.
    public static func unstack(_ x: SymbolicTensor, axis: Int = 0) -> [SymbolicTensor] {
        let slices = parts(of: x, axis) { (length) throws(GraphError.Problem) in
            guard length <= 1 << 12 else {
                throw .invalidArgument(
                    "axis \(axis) has \(length) elements", fix: "unstack a shorter one")
            }
            return Array(0..<length).map { $0 + 1 }
        }
        return slices.map { squeeze($0, axis: axis) }
    }

    private static func parts(
        of x: SymbolicTensor, _ axis: Int,
        _ ends: (_ length: Int) throws(GraphError.Problem) -> [Int]
    ) -> [SymbolicTensor] {
        do throws(GraphError.Problem) {
            let position = try Axes([axis]).normalized(in: x.shape)[0]
            guard let length = x.shape[position] else {
                throw .unknownDimension(x.shape, needed: "axis \(axis)")
            }
            var start = 0
            return try ends(length).map { end in
                defer { start = end }
                return x.sliced(position, from: start, count: Swift.max(end - start, 0))
            }
        } catch {
            return [SymbolicTensor(failure: x.error ?? GraphError(error))]
        }
    }

    /// The differences of neighbouring elements along an axis.
    ///
    /// - Parameter n: the order of the difference.
    public static func diff(_ x: SymbolicTensor, n: Int = 1, axis: Int = -1) -> SymbolicTensor {
        attempt(x) { () throws(GraphError.Problem) in
            let position = try Axes([axis]).normalized(in: x.shape)[0]
            let length = try x.axisLength(position)
            guard (0...length).contains(n) else {
                throw .invalidArgument(
                    "differences are taken \(n) times of \(length) elements",
                    fix: "use 0 to \(length)")
            }
            return (0..<n).reduce(x) { x, taken in
                let count = length - taken - 1
                return x.sliced(position, from: 1, count: count)
                    - x.sliced(position, from: 0, count: count)
            }
        }
    }

    /// The body's result, or a tensor that carries its error or the first error of the operands.
    static func attempt(
        _ operands: SymbolicTensor..., body: () throws(GraphError.Problem) -> SymbolicTensor
    ) -> SymbolicTensor {
        if let failed = operands.first(where: { $0.error != nil }) { return failed }
        do throws(GraphError.Problem) {
            return try body()
        } catch {
            return SymbolicTensor(failure: GraphError(error))
        }
    }

    /// - Throws: if the list of indices would be too long for a constant of a graph.
    fileprivate static func check(axisLength: Int) throws(GraphError.Problem) {
        guard axisLength <= 1 << 20 else {
            throw .invalidArgument("an axis would get \(axisLength) elements", fix: "use fewer")
        }
    }
}

extension Ops.PadMode {
    /// The index among `length` for a position before, within or after the axis (NumPy's `pad`).
    fileprivate func position(_ position: Int, of length: Int) -> Int {
        guard length > 0 else { return 0 }
        switch self {
        case .constant, .edge: return min(max(position, 0), length - 1)
        case .wrap: return (position % length + length) % length
        case .symmetric:
            let period = ((position % (2 * length)) + 2 * length) % (2 * length)
            return period < length ? period : 2 * length - 1 - period
        case .reflect:
            let whole = max(2 * (length - 1), 1)
            let period = ((position % whole) + whole) % whole
            return period < length ? period : whole - period
        }
    }
}

extension SymbolicTensor {
    /// The length of an axis whose indices are listed.
    fileprivate func axisLength(_ axis: Int) throws(GraphError.Problem) -> Int {
        guard let length = shape[axis] else {
            throw .unknownDimension(shape, needed: "axis \(axis)")
        }
        try Ops.check(axisLength: length)
        return length
    }

    /// The flattened tensor.
    fileprivate func flat() throws(GraphError.Problem) -> SymbolicTensor {
        guard let count = shape.elementCount else {
            throw .unknownDimension(shape, needed: "every dimension")
        }
        return reshaped([count])
    }

    fileprivate func gathered(_ positions: [Int], axis: Int) -> SymbolicTensor {
        gathered(.constant(Tensor(positions.map { Int32(clamping: $0) })), axis: axis)
    }

    /// Some indices of one axis, and all of the others.
    func sliced(_ axis: Int, from start: Int, count: Int) -> SymbolicTensor {
        var (starts, sizes) = (shape.dimensions.map { _ in 0 }, shape.dimensions.map { $0 ?? -1 })
        starts[axis] = start
        sizes[axis] = count
        return sliced(from: starts, sizes: sizes)
    }
}
