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

    /// The largest of the elements, and of `initial`.
    public static func max(
        _ x: SymbolicTensor, axis: Axes? = nil, keepDimensions: Bool = false,
        initial: Float? = nil
    ) -> SymbolicTensor {
        let result = x.max(axes: axis?.values, keepDimensions: keepDimensions)
        return initial.map { result.maximum($0) } ?? result
    }

    /// The smallest of the elements, and of `initial`.
    public static func min(
        _ x: SymbolicTensor, axis: Axes? = nil, keepDimensions: Bool = false,
        initial: Float? = nil
    ) -> SymbolicTensor {
        let result = x.min(axes: axis?.values, keepDimensions: keepDimensions)
        return initial.map { result.minimum($0) } ?? result
    }

    /// The product of the elements.
    public static func prod(
        _ x: SymbolicTensor, axis: Axes? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor { x.product(axes: axis?.values, keepDimensions: keepDimensions) }

    /// The mean square of the distance from the mean.
    public static func `var`(
        _ x: SymbolicTensor, axis: Axes? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor {
        let mean = x.mean(axes: axis?.values, keepDimensions: true)
        return (x - mean).square().mean(axes: axis?.values, keepDimensions: keepDimensions)
    }

    /// The root of the variance.
    public static func std(
        _ x: SymbolicTensor, axis: Axes? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor { `var`(x, axis: axis, keepDimensions: keepDimensions).sqrt() }

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
            `var`(x, axis: axes, keepDimensions: keepDimensions)
        )
    }

    /// The place of the largest element, the first of equals; of all elements in one row without an axis.
    public static func argmax(
        _ x: SymbolicTensor, axis: Int? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor {
        attempt(x) { () throws(GraphError.Problem) in
            guard let axis else {
                let place = x.reshaped([-1]).argMax(axis: 0)
                let ones = Array(repeating: 1, count: x.rank)
                return keepDimensions ? place.reshaped(Shape(ones)) : place
            }
            let place = try Axes([axis]).places(in: x.shape)[0]
            let result = x.argMax(axis: place)
            return keepDimensions ? expandDims(result, axis: place) : result
        }
    }

    /// The place of the smallest element, the first of equals; of all elements in one row without an axis.
    public static func argmin(
        _ x: SymbolicTensor, axis: Int? = nil, keepDimensions: Bool = false
    ) -> SymbolicTensor { argmax(-x, axis: axis, keepDimensions: keepDimensions) }

    /// How many elements are not 0.
    public static func countNonzero(_ x: SymbolicTensor, axis: Axes? = nil) -> SymbolicTensor {
        x.notEqual(to: 0).sum(axes: axis?.values).cast(to: .int32)
    }

    /// The mean of the elements by weights.
    ///
    /// - Parameter weights: of the same shape, or one for each place of one axis.
    public static func average(
        _ x: SymbolicTensor, axis: Axes? = nil, weights: SymbolicTensor? = nil
    ) -> SymbolicTensor {
        attempt(x) { () throws(GraphError.Problem) in
            let axes = try axis?.places(in: x.shape)
            guard let weights else { return x.mean(axes: axes) }
            var spread = weights.cast(to: x.dtype)
            if weights.rank == 1, x.rank > 1, let axis = axes?.first {
                spread = spread.reshaped(Shape((0..<x.rank).map { $0 == axis ? -1 : 1 }))
            }
            return (x * spread).sum(axes: axes) / (spread + x * 0).sum(axes: axes)
        }
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
    /// Each row over its norm: the `order`th root of the sum of its elements' powers.
    ///
    /// - Parameter epsilon: the least norm; 1e-7 if left out.
    public static func normalize(
        _ x: SymbolicTensor, axis: Axes = -1, order: Int = 2, epsilon: Float? = nil
    ) -> SymbolicTensor {
        let least = epsilon ?? 1e-7
        if order == 2 { return x.normalized(axes: axis.values, epsilon: least) }
        return attempt(x) { () throws(GraphError.Problem) in
            guard order >= 1, axis.values.count == 1 else {
                throw .invalidArgument(
                    "a norm of order \(order) over axes \(axis.values)",
                    fix: "use an order of 1 or more and one axis, or order 2")
            }
            let size = x.absolute()
            let powers = order == 1 ? size : size.power(.constant(Float(order)))
            let sum = powers.sum(axes: axis.values, keepDimensions: true)
            let norm = order == 1 ? sum : sum.power(.constant(1 / Float(order)))
            return x / norm.maximum(least)
        }
    }
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
