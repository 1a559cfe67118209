/// Reductions over one axis, several, or all without `axis`, with NumPy's names and NaN
/// propagation.
///
/// ```swift
/// try x.mean()                                        // one number, of shape []
/// try x.max(axis: [1, 2])                             // the brightest pixel of each picture
/// try x - x.mean(axis: 0, keepDimensions: true)
/// ```
///
/// Sums are accumulated in `Double`. All throw if there is no such axis.
extension Tensor {
    /// The sum, in `int32` for integers and booleans.
    ///
    /// - Throws: also if a sum overflows `int32`.
    public func sum(axis: (some AxisList)? = [Int]?.none, keepDimensions: Bool = false)
        throws(GraphError) -> Tensor
    {
        try total("sum", axis, keepDimensions, from: 0, +)
    }

    /// The product, in `int32` for integers and booleans.
    ///
    /// - Throws: also if a product overflows `int32`.
    public func prod(axis: (some AxisList)? = [Int]?.none, keepDimensions: Bool = false)
        throws(GraphError) -> Tensor
    {
        try total("product", axis, keepDimensions, from: 1, *)
    }

    /// The mean, as floating-point; NaN without elements.
    public func mean(axis: (some AxisList)? = [Int]?.none, keepDimensions: Bool = false)
        throws(GraphError) -> Tensor
    {
        let fold = try folded(axis, keepDimensions, from: 0, +)
        let means = fold.values.map { Float($0 / Double(fold.length)) }
        return Tensor(storage: .float32(means), shape: fold.shape).cast(to: dtype.fractional)
    }

    /// The variance, as floating-point.
    public func `var`(axis: (some AxisList)? = [Int]?.none, keepDimensions: Bool = false)
        throws(GraphError) -> Tensor
    {
        let distance = try self - mean(axis: axis, keepDimensions: true)
        return try distance.square().mean(axis: axis, keepDimensions: keepDimensions)
    }

    /// The standard deviation.
    public func std(axis: (some AxisList)? = [Int]?.none, keepDimensions: Bool = false)
        throws(GraphError) -> Tensor
    {
        try `var`(axis: axis, keepDimensions: keepDimensions).sqrt()
    }

    /// The maximum.
    ///
    /// - Throws: also if there are no elements.
    public func max(axis: (some AxisList)? = [Int]?.none, keepDimensions: Bool = false)
        throws(GraphError) -> Tensor
    {
        try extreme("largest", axis, keepDimensions, from: -.infinity) {
            $0 > $1 || $0.isNaN ? $0 : $1
        }
    }

    /// The minimum.
    ///
    /// - Throws: also if there are no elements.
    public func min(axis: (some AxisList)? = [Int]?.none, keepDimensions: Bool = false)
        throws(GraphError) -> Tensor
    {
        try extreme("smallest", axis, keepDimensions, from: .infinity) {
            $0 < $1 || $0.isNaN ? $0 : $1
        }
    }

    /// Whether any element is not 0.
    public func any(axis: (some AxisList)? = [Int]?.none, keepDimensions: Bool = false)
        throws(GraphError) -> Tensor
    {
        try folded(axis, keepDimensions, from: 0) { $0 != 0 || $1 != 0 ? 1 : 0 }.tensor(.bool)
    }

    /// Whether all elements are not 0.
    public func all(axis: (some AxisList)? = [Int]?.none, keepDimensions: Bool = false)
        throws(GraphError) -> Tensor
    {
        try folded(axis, keepDimensions, from: 1) { $0 != 0 && $1 != 0 ? 1 : 0 }.tensor(.bool)
    }

    /// The index of the largest element along an axis, as `int32` without that axis.
    ///
    /// As in NumPy, the first of equals wins, and NaN counts as larger than every other value. Of
    /// all elements: `x.flattened().argMax()`.
    ///
    /// - Throws: if there is no such axis, or it is empty.
    public func argMax(axis: Int = -1) throws(GraphError) -> Tensor {
        try position("largest", axis) { $0 > $1 || $0.isNaN && !$1.isNaN }
    }

    /// The index of the smallest element along an axis, as `int32` without that axis.
    ///
    /// As in NumPy, the first of equals wins, and NaN counts as smaller than every other value.
    ///
    /// - Throws: if there is no such axis, or it is empty.
    public func argMin(axis: Int = -1) throws(GraphError) -> Tensor {
        try position("smallest", axis) { $0 < $1 || $0.isNaN && !$1.isNaN }
    }
}

/// The shape and elements of a reduction, and the number of elements in each.
private struct Fold {
    var values: [Double]
    var shape: [Int]
    var length: Int

    func tensor(_ dtype: DType) -> Tensor {
        if dtype == .int32 {
            // `Float` would lose the last digits of large ones.
            return Tensor(storage: .int32(values.map { Int32($0) }), shape: shape)
        }
        return Tensor(storage: .float32(values.map { Float($0) }), shape: shape).cast(to: dtype)
    }
}

extension Tensor {
    private func folded<Axes: AxisList>(
        _ axes: Axes?, _ keepDimensions: Bool, from initial: Double,
        _ function: (Double, Double) -> Double
    ) throws(GraphError) -> Fold {
        let axes =
            try axes.map { axes throws(GraphError) in try normalizedAxes(axes).sorted() }
            ?? Array(0..<rank)
        let kept = (0..<rank).filter { !axes.contains($0) }
        let shape =
            keepDimensions
            ? (0..<rank).map { axes.contains($0) ? 1 : self.shape[$0] }
            : kept.map { self.shape[$0] }
        guard let first = axes.first, let last = axes.last else {
            return Fold(values: [Double](self), shape: shape, length: 1)
        }
        // Axes that are not adjacent are moved to the end.
        let stand = last - first + 1 == axes.count
        let source = stand ? self : permuted(kept + axes)
        let start = stand ? first : kept.count
        let length = axes.reduce(1) { $0 * self.shape[$1] }
        return Fold(
            values: source.fold(start, axes.count, from: initial, function), shape: shape,
            length: length)
    }

    /// Reduces `count` axes from `start` on.
    private func fold(
        _ start: Int, _ count: Int, from initial: Double, _ function: (Double, Double) -> Double
    ) -> [Double] {
        let outer = shape[..<start].reduce(1, *)
        let length = shape[start..<start + count].reduce(1, *)
        let inner = shape[(start + count)...].reduce(1, *)
        func reduce<T>(_ values: [T], _ number: (T) -> Double) -> [Double] {
            var results = [Double](repeating: initial, count: outer * inner)
            results.withUnsafeMutableBufferPointer { results in
                values.withUnsafeBufferPointer { values in
                    var index = 0
                    for row in 0..<outer {
                        for _ in 0..<length {
                            var result = row * inner
                            while result < (row + 1) * inner {
                                results[result] = function(results[result], number(values[index]))
                                index += 1
                                result += 1
                            }
                        }
                    }
                }
            }
            return results
        }
        return switch storage {
        case .float32(let values): reduce(values) { Double($0) }
        case .bfloat16: reduce(scalars) { Double($0) }
        case .int32(let values): reduce(values) { Double($0) }
        case .uint8(let values): reduce(values) { Double($0) }
        case .bool(let values): reduce(values) { $0 ? 1 : 0 }
        }
    }

    private func total(
        _ name: String, _ axes: (some AxisList)?, _ keepDimensions: Bool, from initial: Double,
        _ function: (Double, Double) -> Double
    ) throws(GraphError) -> Tensor {
        let fold = try folded(axes, keepDimensions, from: initial, function)
        if dtype.isFloatingPoint { return fold.tensor(dtype) }
        if let beyond = fold.values.first(where: { Int32(exactly: $0) == nil }) {
            throw GraphError(
                .invalidArgument(
                    "the \(name) \(beyond) of \(dtype.rawValue) elements is beyond int32",
                    fix: "cast the elements to float32 first"))
        }
        return fold.tensor(.int32)
    }

    private func extreme(
        _ name: String, _ axes: (some AxisList)?, _ keepDimensions: Bool, from initial: Double,
        _ function: (Double, Double) -> Double
    ) throws(GraphError) -> Tensor {
        let fold = try folded(axes, keepDimensions, from: initial, function)
        guard fold.length > 0 || fold.values.isEmpty else { throw noElement(name) }
        return fold.tensor(dtype)
    }

    private func position(
        _ name: String, _ axis: Int, _ isBetter: (Double, Double) -> Bool
    ) throws(GraphError) -> Tensor {
        if rank == 0, axis == -1 || axis == 0 { return Tensor([0] as [Int32], shape: []) }
        let axis = try normalizedAxes(axis)[0]
        let length = shape[axis]
        let outer = shape[..<axis].reduce(1, *)
        let inner = shape[(axis + 1)...].reduce(1, *)
        guard length > 0 || outer * inner == 0 else { throw noElement(name) }
        let values = [Double](self)
        var result = [Int32](repeating: 0, count: outer * inner)
        for row in 0..<outer {
            for column in 0..<inner {
                let start = row * length * inner + column
                var best = 0
                for index in 0..<length
                where isBetter(values[start + index * inner], values[start + best * inner]) {
                    best = index
                }
                result[row * inner + column] = Int32(clamping: best)
            }
        }
        var reduced = shape
        reduced.remove(at: axis)
        return Tensor(result, shape: reduced)
    }

    private func noElement(_ name: String) -> GraphError {
        GraphError(
            .invalidArgument(
                "a tensor of shape \(shape) has no \(name) element",
                fix: "reduce axes that are not empty"))
    }
}
