extension Ops {
    // MARK: Reductions; without `axis` over all axes.

    /// The sum of the elements.
    public static func sum(
        _ x: SymbolicTensor, axis: (any IntegerList)? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor { x.sum(axes: axis?.integers, keepDimensions: keepDimensions) }

    /// The mean of the elements.
    public static func mean(
        _ x: SymbolicTensor, axis: (any IntegerList)? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor { x.mean(axes: axis?.integers, keepDimensions: keepDimensions) }

    /// The maximum of the elements and `initial`.
    public static func max(
        _ x: SymbolicTensor, axis: (any IntegerList)? = nil, keepDimensions: Bool = false,
        initial: Float? = nil
    ) -> SymbolicTensor {
        let result = x.max(axes: axis?.integers, keepDimensions: keepDimensions)
        return initial.map { result.maximum($0) } ?? result
    }

    /// The minimum of the elements and `initial`.
    public static func min(
        _ x: SymbolicTensor, axis: (any IntegerList)? = nil, keepDimensions: Bool = false,
        initial: Float? = nil
    ) -> SymbolicTensor {
        let result = x.min(axes: axis?.integers, keepDimensions: keepDimensions)
        return initial.map { result.minimum($0) } ?? result
    }

    /// The product of the elements.
    public static func prod(
        _ x: SymbolicTensor, axis: (any IntegerList)? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor { x.product(axes: axis?.integers, keepDimensions: keepDimensions) }

    /// The variance.
    public static func `var`(
        _ x: SymbolicTensor, axis: (any IntegerList)? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor {
        let mean = x.mean(axes: axis?.integers, keepDimensions: true)
        return (x - mean).square().mean(axes: axis?.integers, keepDimensions: keepDimensions)
    }

    /// The standard deviation.
    public static func std(
        _ x: SymbolicTensor, axis: (any IntegerList)? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor { `var`(x, axis: axis, keepDimensions: keepDimensions).sqrt() }

    /// 1 if any element is not 0.
    public static func any(
        _ x: SymbolicTensor, axis: (any IntegerList)? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor {
        x.notEqual(to: 0).max(axes: axis?.integers, keepDimensions: keepDimensions)
    }

    /// 1 if all elements are not 0.
    public static func all(
        _ x: SymbolicTensor, axis: (any IntegerList)? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor {
        x.notEqual(to: 0).min(axes: axis?.integers, keepDimensions: keepDimensions)
    }

    /// log Σ eˣ, numerically stable.
    public static func logsumexp(
        _ x: SymbolicTensor, axis: (any IntegerList)? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor {
        let greatest = x.max(axes: axis?.integers, keepDimensions: true).stoppingGradient()
        // Infinities have no difference.
        let top = Ops.where(greatest.absolute().less(than: .infinity), greatest, .constant(0))
        let sum = (x - top).exp().sum(axes: axis?.integers, keepDimensions: keepDimensions)
        return sum.log() + (keepDimensions ? top : top.reshaped(sum.shape))
    }

    /// Mean and variance over axes.
    public static func moments(
        _ x: SymbolicTensor, axes: any IntegerList, keepDimensions: Bool = false
    ) -> (mean: SymbolicTensor, variance: SymbolicTensor) {
        (
            mean(x, axis: axes, keepDimensions: keepDimensions),
            `var`(x, axis: axes, keepDimensions: keepDimensions)
        )
    }

    /// The index of the largest element, the first of equals; in the flattened tensor without an
    /// axis.
    public static func argmax(
        _ x: SymbolicTensor, axis: Int? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor {
        attempt(x) { () throws(GraphError.Problem) in
            guard let axis else {
                let index = x.reshaped([-1]).argMax(axis: 0)
                let ones = Array(repeating: 1, count: x.rank)
                return keepDimensions ? index.reshaped(Shape(ones)) : index
            }
            let index = try Axes([axis]).normalized(in: x.shape)[0]
            let result = x.argMax(axis: index)
            return keepDimensions ? expandDims(result, axis: index) : result
        }
    }

    /// The index of the smallest element, the first of equals; in the flattened tensor without an
    /// axis.
    public static func argmin(
        _ x: SymbolicTensor, axis: Int? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor {
        // `uint8` and `bool` have no negative values.
        argmax(-x.inFloatingPoint, axis: axis, keepDimensions: keepDimensions)
    }

    /// The number of elements that are not 0.
    public static func countNonzero(_ x: SymbolicTensor, axis: (any IntegerList)? = nil)
        -> SymbolicTensor
    {
        x.notEqual(to: 0).sum(axes: axis?.integers).cast(to: .int32)
    }

    /// The weighted mean of the elements.
    ///
    /// - Parameter weights: of the same shape, or one for each index of one axis.
    public static func average(
        _ x: SymbolicTensor, axis: (any IntegerList)? = nil, weights: SymbolicTensor? = nil
    ) -> SymbolicTensor {
        attempt(x) { () throws(GraphError.Problem) in
            let axes = try axis.map(Axes.init)?.normalized(in: x.shape)
            guard let weights else { return x.mean(axes: axes) }
            var spread = weights.cast(to: x.dtype)
            if weights.rank == 1, x.rank > 1, let axis = axes?.first {
                spread = spread.reshaped(Shape((0..<x.rank).map { $0 == axis ? -1 : 1 }))
            }
            return (x * spread).sum(axes: axes) / (spread + x * 0).sum(axes: axes)
        }
    }
}
