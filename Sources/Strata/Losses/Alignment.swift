// How targets, predictions and weights whose ranks differ are brought together.

extension SymbolicTensor {
    /// Two tensors of which one has an axis of 1 more at its end, brought to one rank.
    ///
    /// Where the other is a vector it gets that axis too, else the axis is dropped. All else stays
    /// as it is. Keras 3.15.1 `squeeze_or_expand_to_same_rank`.
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
    /// A weight `[batch]` then goes with values `[batch, places]` by batch.
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

    /// This tensor, or an error where targets and predictions are not of one shape.
    func matching(_ predictions: SymbolicTensor, fix: String) -> SymbolicTensor {
        if error != nil || predictions.error != nil || shape.accepts(predictions.shape) {
            return self
        }
        return SymbolicTensor(
            failure: GraphError(
                .invalidArgument(
                    "targets of shape \(shape) came for predictions of shape "
                        + "\(predictions.shape)", fix: fix)))
    }
}
