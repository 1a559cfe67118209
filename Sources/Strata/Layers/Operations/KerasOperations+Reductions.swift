internal import StrataGraph

extension KerasOperations {
    /// What becomes one number for each place of the axes that stay.
    static let reductions: Table = [
        "Mean": { try $0.float().mean(axes: $0.axes(), keepDimensions: $0.flag("keepdims")) },
        "Sum": { try $0.counted { $0.sum(axes: $1, keepDimensions: $2) } },
        "Prod": { try $0.counted { $0.product(axes: $1, keepDimensions: $2) } },
        "Max": { try $0.extreme { $0.max(axes: $1, keepDimensions: $2) } },
        "Amax": { try $0.extreme { $0.max(axes: $1, keepDimensions: $2) } },
        "Min": { try $0.extreme { $0.min(axes: $1, keepDimensions: $2) } },
        "Amin": { try $0.extreme { $0.min(axes: $1, keepDimensions: $2) } },
        "Var": { try $0.reduced(Ops.variance) },
        "Std": { try $0.reduced(Ops.std) },
        "Logsumexp": { try $0.reduced(Ops.logsumexp) },
        "Any": { try $0.reduced(Ops.any).cast(to: .bool) },
        "All": { try $0.reduced(Ops.all).cast(to: .bool) },
        "CountNonzero": {
            try $0.float().notEqual(to: 0).sum(axes: $0.axes()).cast(to: .int32)
        },
        "Argmax": { try $0.place { $0.argMax(axis: $1) } },
        "Argmin": { try $0.place { Ops.argmin($0, axis: $1) } },
        "Average": { try $0.average() },
    ]
}

extension OperationArguments {
    fileprivate typealias Reducing = (SymbolicTensor, [Int]?, Bool) -> SymbolicTensor

    /// A sum or product, which of truth values and bytes is a whole number.
    fileprivate func counted(_ body: Reducing) throws -> SymbolicTensor {
        let x = try tensor()
        let result = body(try float(), try axes(), try flag("keepdims"))
        let type =
            try configuration.value("dtype") == nil
            ? (x.dtype.isFloatingPoint ? x.dtype : .int32) : configuration.elementType()
        return result.cast(to: type)
    }

    fileprivate func extreme(_ body: Reducing) throws -> SymbolicTensor {
        guard configuration.value("initial") == nil else {
            throw GraphError.Problem.invalidArgument(
                "a first value is given", fix: "take the maximum or minimum with it afterwards")
        }
        return try same { body($0, try axes(), try flag("keepdims")) }
    }

    fileprivate func reduced(
        _ body: (SymbolicTensor, Axes?, Bool) -> SymbolicTensor
    ) throws -> SymbolicTensor {
        body(try float(), try axes().map(Axes.init), try flag("keepdims"))
    }

    fileprivate func place(_ body: (SymbolicTensor, Int) -> SymbolicTensor) throws -> SymbolicTensor
    {
        let x = try float()
        guard configuration.value("axis") != nil else {
            guard try !flag("keepdims") else {
                throw GraphError.Problem.invalidArgument(
                    "a place is wanted over all axes, which stay", fix: "name an axis")
            }
            return body(x.reshaped([-1]), 0)
        }
        let axis = try axis()
        let result = body(x, axis)
        return try flag("keepdims") ? Ops.expandDims(result, axis: axis) : result
    }

    fileprivate func average() throws -> SymbolicTensor {
        let x = try float()
        let axes = try axes()
        guard let weights = try optionalTensor(1, "weights") else { return x.mean(axes: axes) }
        var spread = weights.cast(to: x.dtype)
        if weights.rank == 1, x.rank > 1, let axis = axes?.first {
            let shape = (0..<x.rank).map { $0 == axis ? -1 : 1 }
            spread = spread.reshaped(Shape(shape))
        }
        let sum = (x * spread).sum(axes: axes)
        return sum / (spread + x * 0).sum(axes: axes)
    }
}
