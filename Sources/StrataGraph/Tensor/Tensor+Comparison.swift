// Comparisons element by element, with NumPy's broadcasting; they give a tensor of `bool`. The dot
// distinguishes them from `==`, which compares two tensors as a whole.

/// ```swift
/// let wrong = try model.predict(x).argMax() .!= y  // bool
/// let mistakes = x[wrong]                          // the samples that are misclassified
/// let accuracy = try 1 - wrong.mean().item()
/// ```
extension Tensor {
    /// Whether an element is equal to the other.
    ///
    /// - Precondition: the shapes broadcast; the message has both. ``broadcast(to:)`` throws instead.
    public static func .== (a: Tensor, b: Tensor) -> Tensor { a.compared(with: b, ==, ==) }
    /// Whether an element differs from the other.
    ///
    /// - Precondition: the shapes broadcast; the message has both. ``broadcast(to:)`` throws instead.
    public static func .!= (a: Tensor, b: Tensor) -> Tensor { a.compared(with: b, !=, !=) }
    /// Whether an element is less than the other.
    ///
    /// - Precondition: the shapes broadcast; the message has both. ``broadcast(to:)`` throws instead.
    public static func .< (a: Tensor, b: Tensor) -> Tensor { a.compared(with: b, <, <) }
    /// Whether an element is at most the other.
    ///
    /// - Precondition: the shapes broadcast; the message has both. ``broadcast(to:)`` throws instead.
    public static func .<= (a: Tensor, b: Tensor) -> Tensor { a.compared(with: b, <=, <=) }
    /// Whether an element is greater than the other.
    ///
    /// - Precondition: the shapes broadcast; the message has both. ``broadcast(to:)`` throws instead.
    public static func .> (a: Tensor, b: Tensor) -> Tensor { a.compared(with: b, >, >) }
    /// Whether an element is at least the other.
    ///
    /// - Precondition: the shapes broadcast; the message has both. ``broadcast(to:)`` throws instead.
    public static func .>= (a: Tensor, b: Tensor) -> Tensor { a.compared(with: b, >=, >=) }

    public static func .== (a: Tensor, b: some TensorScalar) -> Tensor { a .== a.operand(b) }
    public static func .!= (a: Tensor, b: some TensorScalar) -> Tensor { a .!= a.operand(b) }
    public static func .< (a: Tensor, b: some TensorScalar) -> Tensor { a .< a.operand(b) }
    public static func .<= (a: Tensor, b: some TensorScalar) -> Tensor { a .<= a.operand(b) }
    public static func .> (a: Tensor, b: some TensorScalar) -> Tensor { a .> a.operand(b) }
    public static func .>= (a: Tensor, b: some TensorScalar) -> Tensor { a .>= a.operand(b) }
    public static func .== (a: some TensorScalar, b: Tensor) -> Tensor { b .== a }
    public static func .!= (a: some TensorScalar, b: Tensor) -> Tensor { b .!= a }
    public static func .< (a: some TensorScalar, b: Tensor) -> Tensor { b .> a }
    public static func .<= (a: some TensorScalar, b: Tensor) -> Tensor { b .>= a }
    public static func .> (a: some TensorScalar, b: Tensor) -> Tensor { b .< a }
    public static func .>= (a: some TensorScalar, b: Tensor) -> Tensor { b .<= a }

    /// Whether both elements are not 0.
    ///
    /// - Precondition: the shapes broadcast.
    public static func .& (a: Tensor, b: Tensor) -> Tensor { a.joined(with: b) { $0 && $1 } }
    /// Whether either of two elements is not 0.
    ///
    /// - Precondition: the shapes broadcast.
    public static func .| (a: Tensor, b: Tensor) -> Tensor { a.joined(with: b) { $0 || $1 } }
    /// Whether the element is 0.
    public static prefix func .! (x: Tensor) -> Tensor { x .== false }

    private func compared(
        with other: Tensor, _ float: (Float, Float) -> Bool, _ whole: (Int32, Int32) -> Bool
    ) -> Tensor {
        let (a, b, shape) = broadcast(with: other)
        let results =
            DType.promoted(dtype, other.dtype).isFloatingPoint
            ? Tensor.pairwise([Float](a), [Float](b), float)
            : Tensor.pairwise([Int32](a), [Int32](b), whole)
        return Tensor(storage: .bool(results), shape: shape)
    }

    private func joined(with other: Tensor, _ function: (Bool, Bool) -> Bool) -> Tensor {
        let (a, b, shape) = broadcast(with: other)
        return Tensor(
            storage: .bool(Tensor.pairwise([Bool](a), [Bool](b), function)), shape: shape)
    }
}

extension Tensor {
    /// Selects `a` where this tensor is not 0, and `b` elsewhere (NumPy's `where`).
    ///
    /// - Precondition: the shapes broadcast.
    public func select(_ a: Tensor, _ b: Tensor) -> Tensor {
        let dtype = DType.promoted(a.dtype, b.dtype)
        return required { () throws(GraphError) in
            let shape = try Tensor.commonShape([self, a, b])
            let offsets = [AxisOffsets.listed(try broadcast(to: shape).positions)]
            var result = try b.cast(to: dtype).broadcast(to: shape)
            let chosen = try a.cast(to: dtype).broadcast(to: shape).storage.picking(offsets)
            result.storage.put(chosen, at: offsets)
            return result
        }
    }

    /// Selects `a` where this tensor is not 0, and a scalar elsewhere (NumPy's `where`).
    ///
    /// - Precondition: the shapes broadcast.
    public func select(_ a: Tensor, _ b: some TensorScalar) -> Tensor { select(a, a.operand(b)) }

    /// Selects a scalar where this tensor is not 0, and `b` elsewhere (NumPy's `where`).
    ///
    /// - Precondition: the shapes broadcast.
    public func select(_ a: some TensorScalar, _ b: Tensor) -> Tensor { select(b.operand(a), b) }

    /// The indices of the elements that are not 0: one `int32` tensor for each axis (NumPy's
    /// `nonzero`).
    ///
    /// ```swift
    /// let classes = try model.predict(x).argMax()
    /// let mistakes = (classes .!= y).nonzero()[0]  // which samples are misclassified
    /// ```
    public func nonzero() -> [Tensor] {
        let found = positions
        var stride = 1
        let axes = shape.reversed().map { length in
            defer { stride *= length }
            return Tensor(found.map { Int32(clamping: $0 / stride % length) })
        }
        return axes.reversed()
    }

    /// The row-major indices of the elements that are not 0.
    var positions: [Int] {
        let isChosen = [Bool](self)
        return isChosen.indices.filter { isChosen[$0] }
    }

    /// Whether the elements are equal within tolerances: |a − b| ≤ `absolute` + `relative` · |b|.
    ///
    /// Shapes that do not broadcast are not equal. NumPy's `allclose`.
    public func allClose(
        _ other: Tensor, relativeTolerance relative: Double = 1e-5,
        absoluteTolerance absolute: Double = 1e-8, equalNaN: Bool = false
    ) -> Bool {
        guard Shape(shape).broadcast(with: Shape(other.shape)) != nil else { return false }
        let (a, b, _) = broadcast(with: other)
        return Tensor.pairwise([Double](a), [Double](b)) { a, b in
            a == b || equalNaN && a.isNaN && b.isNaN
                || b.isFinite && abs(a - b) <= absolute + relative * abs(b)
        }.allSatisfy { $0 }
    }

    /// The distinct elements, sorted; NaN comes last (NumPy's `unique`).
    public func unique() -> Tensor {
        func sorted<T: Hashable & Comparable>(_ values: [T]) -> [T] { Set(values).sorted() }
        let storage: Storage
        switch self.storage {
        case .float32, .bfloat16:
            let numbers = sorted(scalars.filter { !$0.isNaN })
            let values = numbers + (scalars.contains { $0.isNaN } ? [.nan] : [])
            return Tensor(values).cast(to: dtype)
        case .int32(let values): storage = .int32(sorted(values))
        case .uint8(let values): storage = .uint8(sorted(values))
        case .bool(let values): storage = .bool([false, true].filter(values.contains))
        }
        return Tensor(storage: storage, shape: [storage.count])
    }
}
