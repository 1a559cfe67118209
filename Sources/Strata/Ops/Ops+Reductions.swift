extension Ops {
    // MARK: Reductions; without `axis` over all axes.

    /// The sum of the elements.
    public static func sum(
        _ x: SymbolicTensor, axis: Axes? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor { x.sum(axes: axis?.values, keepDimensions: keepDimensions) }

    /// The mean of the elements.
    public static func mean(
        _ x: SymbolicTensor, axis: Axes? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor { x.mean(axes: axis?.values, keepDimensions: keepDimensions) }

    /// The largest of the elements.
    public static func max(
        _ x: SymbolicTensor, axis: Axes? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor { x.max(axes: axis?.values, keepDimensions: keepDimensions) }

    /// The smallest of the elements.
    public static func min(
        _ x: SymbolicTensor, axis: Axes? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor { x.min(axes: axis?.values, keepDimensions: keepDimensions) }

    /// The product of the elements.
    public static func prod(
        _ x: SymbolicTensor, axis: Axes? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor { x.product(axes: axis?.values, keepDimensions: keepDimensions) }

    /// The mean square of the distance from the mean.
    public static func variance(
        _ x: SymbolicTensor, axis: Axes? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor {
        let mean = x.mean(axes: axis?.values, keepDimensions: true)
        return (x - mean).square().mean(axes: axis?.values, keepDimensions: keepDimensions)
    }

    /// The root of the variance.
    public static func std(
        _ x: SymbolicTensor, axis: Axes? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor { variance(x, axis: axis, keepDimensions: keepDimensions).sqrt() }

    /// 1 where an element is not 0.
    public static func any(
        _ x: SymbolicTensor, axis: Axes? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor {
        x.notEqual(to: 0).max(axes: axis?.values, keepDimensions: keepDimensions)
    }

    /// 1 where no element is 0.
    public static func all(
        _ x: SymbolicTensor, axis: Axes? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor {
        x.notEqual(to: 0).min(axes: axis?.values, keepDimensions: keepDimensions)
    }

    /// The logarithm of the sum of the powers of e, at any numbers.
    public static func logsumexp(
        _ x: SymbolicTensor, axis: Axes? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor {
        let top = x.max(axes: axis?.values, keepDimensions: true).stoppingGradient()
        let sum = (x - top).exp().sum(axes: axis?.values, keepDimensions: keepDimensions)
        return sum.log() + (keepDimensions ? top : top.reshaped(sum.shape))
    }

    /// Mean and variance over axes.
    public static func moments(
        _ x: SymbolicTensor, axes: Axes, keepDimensions: Bool = false
    ) -> (mean: SymbolicTensor, variance: SymbolicTensor) {
        (
            mean(x, axis: axes, keepDimensions: keepDimensions),
            variance(x, axis: axes, keepDimensions: keepDimensions)
        )
    }

    /// The place of the largest element along an axis, the first of equals.
    public static func argmax(_ x: SymbolicTensor, axis: Int = -1) -> SymbolicTensor {
        x.argMax(axis: axis)
    }

    /// The place of the smallest element along an axis, the first of equals.
    public static func argmin(_ x: SymbolicTensor, axis: Int = -1) -> SymbolicTensor {
        (-x).argMax(axis: axis)
    }

    // MARK: Products

    /// The product of matrices; axes before the last two are a batch.
    public static func matmul(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        b.rank == 2 && a.rank >= 2 ? a.multiplied(by: b) : a.einsum("...ab,...bc->...ac", b)
    }

    /// The product of two tensors after Einstein's notation, such as `abc,cd->abd`.
    ///
    /// Each axis is one letter, once in each tensor; `...` stands for all axes without a letter.
    public static func einsum(
        _ equation: String, _ a: SymbolicTensor, _ b: SymbolicTensor
    ) -> SymbolicTensor { a.einsum(equation, b) }

    // MARK: Normalizations

    /// eˣ along an axis, divided by its sum.
    public static func softmax(_ x: SymbolicTensor, axis: Int = -1) -> SymbolicTensor {
        x.softmax(axis: axis)
    }
    /// The logarithm of the softmax.
    public static func logSoftmax(_ x: SymbolicTensor, axis: Int = -1) -> SymbolicTensor {
        x.logSoftmax(axis: axis)
    }
    /// Each row over the root of its sum of squares.
    public static func normalize(
        _ x: SymbolicTensor, axis: Axes = -1, epsilon: Float = 1e-7
    ) -> SymbolicTensor { x.normalized(axes: axis.values, epsilon: epsilon) }
    /// max(x, 0).
    public static func relu(_ x: SymbolicTensor) -> SymbolicTensor { x.relu() }
    /// 1 / (1 + e⁻ˣ).
    public static func sigmoid(_ x: SymbolicTensor) -> SymbolicTensor { x.sigmoid() }
    /// log(1 + eˣ).
    public static func softplus(_ x: SymbolicTensor) -> SymbolicTensor { x.softplus() }
    /// x · sigmoid(x).
    public static func silu(_ x: SymbolicTensor) -> SymbolicTensor { x.silu() }
    /// x · Φ(x); by Keras's default for this operation Φ comes from the formula with tanh.
    public static func gelu(_ x: SymbolicTensor, approximate: Bool = true) -> SymbolicTensor {
        x.gelu(approximate: approximate)
    }
}
