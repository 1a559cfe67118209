// How targets, predictions and weights of different ranks are matched.

extension SymbolicTensor {
    /// Two tensors, one with a trailing axis of length 1, brought to one rank.
    ///
    /// If the other one is a vector it gets that axis too; otherwise the axis is dropped. Anything
    /// else is unchanged. Keras 3.15.1 `squeeze_or_expand_to_same_rank`.
    static func aligned(_ a: SymbolicTensor, _ b: SymbolicTensor)
        -> (SymbolicTensor, SymbolicTensor)
    {
        if a.rank == b.rank + 1, b.rank > 0, a.shape[-1] == 1 {
            return b.rank == 1 ? (a, b.withLastAxis()) : (a.withoutLastAxis(), b)
        }
        if b.rank == a.rank + 1, a.rank > 0, b.shape[-1] == 1 {
            return a.rank == 1 ? (a.withLastAxis(), b) : (a, b.withoutLastAxis())
        }
        return (a, b)
    }

    /// The same elements with an axis of 1 at the end.
    func withLastAxis() -> SymbolicTensor { reshaped(Shape(shape.dimensions + [1])) }

    /// The same elements without the last axis, which is 1.
    func withoutLastAxis() -> SymbolicTensor {
        reshaped(Shape(Array(shape.dimensions.dropLast())))
    }

    /// The same elements with axes of 1 at the end, up to the rank of another tensor.
    ///
    /// A weight `[batch]` then broadcasts to values `[batch, positions]`.
    func padded(toRankOf other: SymbolicTensor) -> SymbolicTensor {
        guard rank < other.rank, rank > 0 else { return self }
        let ones = Array(repeating: Int?.some(1), count: other.rank - rank)
        return reshaped(Shape(shape.dimensions + ones))
    }

    /// a / b, and 0 where b is 0.
    ///
    /// Keras 3.15.1 `ops.divide_no_nan`.
    func dividedOrZero(by other: SymbolicTensor) -> SymbolicTensor {
        let isZero = other.equal(to: 0)
        // 1 in place of 0 also keeps the gradient finite.
        return isZero.select(.constant(0), self / isZero.select(.constant(1), other))
    }

    /// This tensor, or an error if targets and predictions have different shapes.
    func matching(_ predictions: SymbolicTensor, fix: String) -> SymbolicTensor {
        if error != nil || predictions.error != nil || shape.accepts(predictions.shape) {
            return self
        }
        return SymbolicTensor(
            failure: GraphError(
                .invalidArgument(
                    "targets of shape \(shape) were given for predictions of shape "
                        + "\(predictions.shape)", fix: fix)))
    }
}
