extension Ops {
    // MARK: Products

    /// Matrix product; axes before the last two are a batch.
    public static func matmul(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        b.rank == 2 && a.rank >= 2 ? a.multiplied(by: b) : a.einsum("...ab,...bc->...ac", b)
    }

    /// The product of two tensors in Einstein notation, such as `abc,cd->abd`.
    ///
    /// Each axis is one letter, once in each tensor; `...` stands for all axes without a letter.
    public static func einsum(
        _ equation: String, _ a: SymbolicTensor, _ b: SymbolicTensor
    ) -> SymbolicTensor { a.einsum(equation, b) }

    /// NumPy's `dot`: over the last axis of the first, and the last but one of the second tensor.
    public static func dot(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        if a.rank == 0 || b.rank == 0 { return a * b }
        if b.rank == 2, a.rank >= 2 { return a.multiplied(by: b) }
        return tensordot(a, b, axes: [-1], [b.rank == 1 ? 0 : -2])
    }

    /// Inner product over the last axes of both.
    public static func inner(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a.rank == 0 || b.rank == 0 ? a * b : tensordot(a, b, axes: [-1], [-1])
    }

    /// Outer product.
    public static func outer(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a.reshaped([-1, 1]) * b.reshaped([1, -1])
    }

    /// The sum of products over the last `axes` axes of the first and the first of the second tensor.
    public static func tensordot(_ a: SymbolicTensor, _ b: SymbolicTensor, axes: Int = 2)
        -> SymbolicTensor
    {
        attempt(a, b) { () throws(GraphError.Problem) in
            guard axes >= 0, axes <= Swift.min(a.rank, b.rank) else {
                throw .invalidArgument(
                    "tensordot over \(axes) axes of \(a.shape) and \(b.shape)",
                    fix: "use as many as both have at most")
            }
            return tensordot(
                a, b, axes: Axes(Array(a.rank - axes..<a.rank)), Axes(Array(0..<axes)))
        }
    }

    /// The sum of products over pairs of axes, one of each tensor.
    public static func tensordot(
        _ a: SymbolicTensor, _ b: SymbolicTensor, axes first: Axes, _ second: Axes
    ) -> SymbolicTensor {
        attempt(a, b) { () throws(GraphError.Problem) in
            let (left, right) = (
                try first.normalized(in: a.shape), try second.normalized(in: b.shape)
            )
            guard left.count == right.count, a.rank + b.rank <= 20 else {
                throw .invalidArgument(
                    "tensordot over axes \(left) and \(right) of \(a.shape) and \(b.shape)",
                    fix: "name as many of both, of tensors with 20 axes at most")
            }
            let letters = Array("abcdefghijklmnopqrstuvwxyz")
            let ours = Array(letters.prefix(a.rank))
            var theirs = Array(letters.dropFirst(a.rank).prefix(b.rank))
            for (from, to) in zip(left, right) { theirs[to] = ours[from] }
            let result =
                ours.indices.filter { !left.contains($0) }.map { ours[$0] }
                + theirs.indices.filter { !right.contains($0) }.map { theirs[$0] }
            return a.einsum("\(String(ours)),\(String(theirs))->\(String(result))", b)
        }
    }
}
