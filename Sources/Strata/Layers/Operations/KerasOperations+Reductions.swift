internal import StrataGraph

extension KerasOperations {
    /// Reductions over axes.
    static let reductions: Table = [
        "Mean": { try $0.float().mean(axes: $0.axes(), keepDimensions: $0.flag("keepdims")) },
        "Sum": { try $0.counted { $0.sum(axes: $1, keepDimensions: $2) } },
        "Prod": { try $0.counted { $0.product(axes: $1, keepDimensions: $2) } },
        "Max": { try $0.extreme(Ops.max) },
        "Amax": { try $0.extreme(Ops.max) },
        "Min": { try $0.extreme(Ops.min) },
        "Amin": { try $0.extreme(Ops.min) },
        "Var": { try $0.reduced(Ops.var) },
        "Std": { try $0.reduced(Ops.std) },
        "Logsumexp": { try $0.reduced(Ops.logsumexp) },
        "Any": { try $0.reduced(Ops.any).cast(to: .bool) },
        "All": { try $0.reduced(Ops.all).cast(to: .bool) },
        "CountNonzero": {
            try $0.float().notEqual(to: 0).sum(axes: $0.axes()).cast(to: .int32)
        },
        "Argmax": { a in
            Ops.argmax(
                try a.float(), axis: try a.optionalAxis(), keepDimensions: try a.flag("keepdims"))
        },
        "Argmin": { a in
            Ops.argmin(
                try a.float(), axis: try a.optionalAxis(), keepDimensions: try a.flag("keepdims"))
        },
        "Average": { a in
            Ops.average(
                try a.float(), axis: try a.axes().map(Axes.init),
                weights: try a.optionalTensor(1, "weights"))
        },
    ]
}

extension OperationArguments {
    fileprivate typealias Reducing = (SymbolicTensor, [Int]?, Bool) -> SymbolicTensor

    /// A sum or product, an integer for `bool` and `uint8`.
    fileprivate func counted(_ body: Reducing) throws -> SymbolicTensor {
        let x = try tensor()
        let result = body(try float(), try axes(), try flag("keepdims"))
        let type =
            try configuration.value("dtype") == nil
            ? (x.dtype.isFloatingPoint ? x.dtype : .int32) : configuration.elementType()
        return result.cast(to: type)
    }

    fileprivate func extreme(
        _ body: (SymbolicTensor, Axes?, Bool, Float?) -> SymbolicTensor
    ) throws -> SymbolicTensor {
        let axes = try axes().map(Axes.init)
        let initial = try configuration.optionalFloat("initial")
        return try same { body($0, axes, try flag("keepdims"), initial) }
    }

    fileprivate func reduced(
        _ body: (SymbolicTensor, Axes?, Bool) -> SymbolicTensor
    ) throws -> SymbolicTensor {
        body(try float(), try axes().map(Axes.init), try flag("keepdims"))
    }

}
