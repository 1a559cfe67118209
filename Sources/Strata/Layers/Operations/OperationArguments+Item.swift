internal import StrataGraph

extension OperationArguments {
    /// Python's `x[key]`: integers, slices, an ellipsis and new axes.
    func item() throws -> SymbolicTensor {
        let x = try tensor()
        var keys: [OperationArgument] =
            if case .list(let items) = argument(1, "key") { items } else { [argument(1, "key")] }
        let used = keys.filter { $0 != .none && $0 != .ellipsis }.count
        guard used <= x.rank, keys.filter({ $0 == .ellipsis }).count <= 1 else {
            throw GraphError.Problem.invalidArgument(
                "\(used) indices are given for \(x.shape)", fix: "give one for each axis at most")
        }
        let whole = OperationArgument.slice(start: nil, stop: nil, step: nil)
        let missing = Array(repeating: whole, count: x.rank - used)
        if let position = keys.firstIndex(of: .ellipsis) {
            keys.replaceSubrange(position...position, with: missing)
        } else {
            keys += missing
        }
        var result = x
        var axis = 0
        for key in keys {
            switch key {
            case .none:
                result = Ops.expandDims(result, axis: axis)
                axis += 1
            case .integer(let index):
                result = Ops.squeeze(try position(index, of: result, axis), axis: axis)
            case .slice(let start, let stop, let step):
                result = try part(of: result, axis, start, stop, step ?? 1)
                axis += 1
            case .list, .constant:
                throw GraphError.Problem.invalidArgument(
                    "an index is a list", fix: "use take for several indices")
            case .tensor, .flag, .number, .text, .ellipsis:
                throw GraphError.Problem.invalidArgument(
                    "an index is not an integer", fix: "use integers and slices")
            }
        }
        return result
    }

    private func position(
        _ index: Int, of x: SymbolicTensor, _ axis: Int
    ) throws(GraphError.Problem) -> SymbolicTensor {
        guard index < 0 else { return x.sliced(axis, from: index, count: 1) }
        guard let length = x.shape[axis] else {
            throw .unknownDimension(x.shape, needed: "axis \(axis)")
        }
        // An index out of range is an error of the slice.
        return x.sliced(axis, from: max(index, -length - 1) + length, count: 1)
    }

    private func part(
        of x: SymbolicTensor, _ axis: Int, _ start: Int?, _ stop: Int?, _ step: Int
    ) throws(GraphError.Problem) -> SymbolicTensor {
        if start ?? 0 == 0, stop == nil, step == 1 { return x }
        if let start, start >= 0, stop == nil, step == 1 {
            return x.sliced(axis, from: min(start, x.shape[axis] ?? start), count: -1)
        }
        guard let length = x.shape[axis] else {
            throw .unknownDimension(x.shape, needed: "axis \(axis)")
        }
        guard step != 0, step.magnitude <= 1 << 24, length <= 1 << 24 else {
            throw .invalidArgument("a slice has a step of \(step)", fix: "use 1 or another number")
        }
        // Python's rule: negative bounds count from the end, and bounds beyond the axis are
        // clipped.
        let limits = step > 0 ? (0, length) : (-1, length - 1)
        let end = { (value: Int?, missing: Int) -> Int in
            guard let value else { return missing }
            let position = value < 0 ? max(value, -length - 1) + length : value
            return min(max(position, limits.0), limits.1)
        }
        let first = end(start, step > 0 ? 0 : length - 1)
        let last = end(stop, step > 0 ? length : -1)
        if step == 1 { return x.sliced(axis, from: first, count: max(last - first, 0)) }
        let positions = stride(from: first, to: last, by: step).map { Int32(clamping: $0) }
        guard positions.count <= 1 << 20 else {
            throw .invalidArgument("a slice has \(positions.count) elements", fix: "use fewer")
        }
        return x.gathered(.constant(Tensor(positions)), axis: axis)
    }
}
