extension Tensor {
    private var type: TensorType { TensorType(Shape(shape), dtype) }

    /// The same elements in another shape of the same size; one dimension may be -1 and is
    /// inferred.
    ///
    /// ```swift
    /// let pictures = Tensor.zeros([100, 28, 28], dtype: .uint8)
    /// try pictures.reshaped([-1, 28, 28, 1]).shape  // [100, 28, 28, 1]
    /// ```
    ///
    /// NumPy's `reshape`.
    ///
    /// - Throws: if the number of elements differs, or a dimension cannot be inferred.
    public func reshaped(_ shape: [Int]) throws(GraphError) -> Tensor {
        let result = try GraphError.checking { () throws(GraphError.Problem) in
            try Reshape(shape: Shape(shape)).outputTypes([type])[0].shape
        }
        guard let known = result.known, result.elementCount == count else {
            throw GraphError(.cannotReshape(from: Shape(self.shape), to: Shape(shape)))
        }
        return Tensor(storage: storage, shape: known)
    }

    /// The elements as a vector, row-major (NumPy's `flatten`).
    public func flattened() -> Tensor { Tensor(storage: storage, shape: [count]) }

    /// The axes in reverse order: rows become columns (NumPy's `transpose`).
    public func transposed() -> Tensor { permuted(Array((0..<rank).reversed())) }

    /// The axes in another order: axis `i` of the result is axis `axes[i]`; negative axes count
    /// from the end.
    ///
    /// NumPy's `transpose(axes)`.
    ///
    /// - Throws: unless `axes` has each axis once.
    public func transposed(_ axes: [Int]) throws(GraphError) -> Tensor {
        let order = axes.compactMap { Shape(shape).normalized(axis: $0) }
        guard order.sorted() == Array(0..<rank), axes.count == rank else {
            throw GraphError(
                .invalidArgument(
                    "\(axes) is not a permutation of the axes of \(shape)",
                    fix: "name each axis from 0 to \(rank - 1) once"))
        }
        return permuted(order)
    }

    /// A new axis of length 1; a negative axis counts from the end of the result (NumPy's
    /// `expand_dims`).
    ///
    /// ```swift
    /// try Tensor.zeros([100, 28, 28]).expandingDims(at: -1).shape  // [100, 28, 28, 1]
    /// ```
    ///
    /// - Throws: if the result has no such axis.
    public func expandingDims(at axis: Int) throws(GraphError) -> Tensor {
        let position = axis < 0 ? axis + rank + 1 : axis
        guard (0...rank).contains(position) else {
            throw GraphError(
                .invalidArgument(
                    "\(shape) cannot get a new axis at \(axis)",
                    fix: "use 0 to \(rank), or -\(rank + 1) to -1"))
        }
        return Tensor(storage: storage, shape: shape[..<position] + [1] + shape[position...])
    }

    /// The same elements without the axes of length 1 (NumPy's `squeeze`).
    public func squeezed() -> Tensor { Tensor(storage: storage, shape: shape.filter { $0 != 1 }) }

    /// The same elements without some axes of length 1 (NumPy's `squeeze(axis)`).
    ///
    /// - Throws: if there is no such axis, or its length is not 1.
    public func squeezed(axis: some AxisList) throws(GraphError) -> Tensor {
        let axes = try normalizedAxes(axis)
        if let axis = axes.first(where: { shape[$0] != 1 }) {
            throw GraphError(
                .invalidArgument(
                    "axis \(axis) of \(shape) has the length \(shape[axis]), not 1",
                    fix: "squeeze axes of length 1"))
        }
        let kept = (0..<rank).filter { !axes.contains($0) }
        return Tensor(storage: storage, shape: kept.map { shape[$0] })
    }

    /// The elements broadcast to a shape (NumPy's `broadcast_to`).
    ///
    /// - Throws: if the shapes do not fit by NumPy's rule, or memory does not hold the elements.
    public func broadcast(to shape: [Int]) throws(GraphError) -> Tensor {
        if shape == self.shape { return self }
        _ = try Tensor.newElementCount(of: shape, dtype)
        _ = try GraphError.checking { () throws(GraphError.Problem) in
            try Broadcast(shape: Shape(shape)).outputTypes([type])
        }
        let new = shape.count - rank
        let offsets = axisOffsets
        let spread = shape.indices.map { axis in
            axis >= new && self.shape[axis - new] == shape[axis]
                ? offsets[axis - new] : .even(start: 0, stride: 0, count: shape[axis])
        }
        return Tensor(storage: storage.picking(spread), shape: shape)
    }

    /// The axes, counted from the front.
    ///
    /// - Throws: if there is no such axis, or one is named twice.
    func normalizedAxes<Axes: AxisList>(_ axes: Axes) throws(GraphError) -> [Int] {
        var result: [Int] = []
        for axis in Axes.axes(axes) {
            guard let position = Shape(shape).normalized(axis: axis), !result.contains(position)
            else {
                throw GraphError(
                    .invalidArgument(
                        "\(axes) does not name different axes of a tensor of shape \(shape)",
                        fix: "choose from 0 to \(rank - 1), or from -\(rank) to -1"))
            }
            result.append(position)
        }
        return result
    }

    func permuted(_ order: [Int]) -> Tensor {
        let offsets = axisOffsets
        return Tensor(
            storage: storage.picking(order.map { offsets[$0] }), shape: order.map { shape[$0] })
    }

    /// The offsets of the indices of each axis.
    var axisOffsets: [AxisOffsets] {
        zip(rowMajorStrides(shape), shape).map { .even(start: 0, stride: $0, count: $1) }
    }
}

/// One axis or several: an `Int`, or an array of them; negative ones count from the end.
public protocol AxisList: Sendable {
    static func axes(_ axes: Self) -> [Int]
}

extension Int: AxisList {
    public static func axes(_ axis: Int) -> [Int] { [axis] }
}

extension [Int]: AxisList {
    public static func axes(_ axes: [Int]) -> [Int] { axes }
}
