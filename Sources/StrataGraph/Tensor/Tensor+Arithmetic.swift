// The types of results, as in NumPy, restricted to the types that a tensor has:
//
//     +, -, *              the wider of the two types: bool < uint8 < int32 < bfloat16 < float32;
//                          two bool count as int32
//     /, power, mean, …    the same if it is floating-point, otherwise float32
//     a scalar beside it   keeps the tensor's type, except for a floating-point scalar beside integers
//                          (float32), and one that is out of range (uint8 with 300 or -1: int32;
//                          beyond int32: float32)
//     comparisons          bool
//
// Integers that overflow wrap around, as in NumPy (uint8 250 + 10 is 4): `cast` first if that may
// happen. Division by 0 gives infinity or NaN, as in IEEE 754.

extension DType {
    /// The result type of two types.
    ///
    /// It is the wider one of `bool`, `uint8`, `int32`, `bfloat16`, `float32`.
    public static func promoted(_ a: DType, _ b: DType) -> DType {
        let widest: [DType] = [.float32, .bfloat16, .int32, .uint8, .bool]
        return widest.first { $0 == a || $0 == b } ?? a
    }

    /// The type of a quotient, a mean and a function of this type.
    package var fractional: DType { isFloatingPoint ? self : .float32 }
}

/// Elementwise arithmetic with NumPy's broadcasting.
///
/// `x / 255`, `2 * x + y`, `-x`, `x -= x_mean`: a tensor with another one or with a scalar of type
/// `Int`, `Float`, `Double`, … on either side. `uint8` with `uint8` and with integers from 0 to 255
/// stays `uint8` and wraps around; a quotient is floating-point. Note that `1 / 255` alone is an
/// integer division in Swift: write `x / 255` or `x * (1.0 / 255)`.
extension Tensor {
    /// The sums of both elements.
    ///
    /// - Precondition: the shapes broadcast; the message has both. ``broadcast(to:)`` throws instead.
    public static func + (a: Tensor, b: Tensor) -> Tensor { a.computed(with: b, +, &+) }
    /// The differences of both elements.
    ///
    /// - Precondition: the shapes broadcast; the message has both. ``broadcast(to:)`` throws instead.
    public static func - (a: Tensor, b: Tensor) -> Tensor { a.computed(with: b, -, &-) }
    /// The products of both elements.
    ///
    /// - Precondition: the shapes broadcast; the message has both. ``broadcast(to:)`` throws instead.
    public static func * (a: Tensor, b: Tensor) -> Tensor { a.computed(with: b, *, &*) }
    /// The quotients of both elements.
    ///
    /// - Precondition: the shapes broadcast; the message has both. ``broadcast(to:)`` throws instead.
    public static func / (a: Tensor, b: Tensor) -> Tensor { a.computed(with: b, /) }

    public static func + (a: Tensor, b: some TensorScalar) -> Tensor { a + a.operand(b) }
    public static func - (a: Tensor, b: some TensorScalar) -> Tensor { a - a.operand(b) }
    public static func * (a: Tensor, b: some TensorScalar) -> Tensor { a * a.operand(b) }
    public static func / (a: Tensor, b: some TensorScalar) -> Tensor { a / a.operand(b) }
    public static func + (a: some TensorScalar, b: Tensor) -> Tensor { b.operand(a) + b }
    public static func - (a: some TensorScalar, b: Tensor) -> Tensor { b.operand(a) - b }
    public static func * (a: some TensorScalar, b: Tensor) -> Tensor { b.operand(a) * b }
    public static func / (a: some TensorScalar, b: Tensor) -> Tensor { b.operand(a) / b }

    /// Adds each element of another tensor.
    ///
    /// - Precondition: the shapes broadcast.
    public static func += (a: inout Tensor, b: Tensor) { a = a + b }
    /// Subtracts each element of another tensor.
    ///
    /// - Precondition: the shapes broadcast.
    public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
    /// Multiplies by each element of another tensor.
    ///
    /// - Precondition: the shapes broadcast.
    public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
    /// Divides by each element of another tensor.
    ///
    /// - Precondition: the shapes broadcast.
    public static func /= (a: inout Tensor, b: Tensor) { a = a / b }
    public static func += (a: inout Tensor, b: some TensorScalar) { a = a + b }
    public static func -= (a: inout Tensor, b: some TensorScalar) { a = a - b }
    public static func *= (a: inout Tensor, b: some TensorScalar) { a = a * b }
    public static func /= (a: inout Tensor, b: some TensorScalar) { a = a / b }

    /// Negation; `uint8` and `bool` become `int32`.
    public static prefix func - (x: Tensor) -> Tensor { x * -1 }
}

extension Tensor {
    /// The larger of two elements; NaN if either is NaN, as NumPy's `maximum`.
    ///
    /// - Precondition: the shapes broadcast.
    public func maximum(_ other: Tensor) -> Tensor {
        computed(with: other, { $0 > $1 || $0.isNaN ? $0 : $1 }, { Swift.max($0, $1) })
    }
    /// The smaller of two elements; NaN if either is NaN, as NumPy's `minimum`.
    ///
    /// - Precondition: the shapes broadcast.
    public func minimum(_ other: Tensor) -> Tensor {
        computed(with: other, { $0 < $1 || $0.isNaN ? $0 : $1 }, { Swift.min($0, $1) })
    }
    /// The maximum of each element and a bound.
    public func maximum(_ bound: some TensorScalar) -> Tensor { maximum(operand(bound)) }
    /// The minimum of each element and a bound.
    public func minimum(_ bound: some TensorScalar) -> Tensor { minimum(operand(bound)) }
    /// Each element clipped to `low … high` (NumPy's `clip`).
    public func clipped(_ low: some TensorScalar, _ high: some TensorScalar) -> Tensor {
        maximum(low).minimum(high)
    }
    /// The absolute values of the elements.
    public func absolute() -> Tensor {
        computed(with: self, { x, _ in Swift.abs(x) }, { x, _ in x < 0 ? 0 &- x : x })
    }
    /// The squares of the elements.
    public func square() -> Tensor { self * self }
    /// The square roots of the elements; NaN of negative ones.
    public func sqrt() -> Tensor { applying { $0.squareRoot() } }

    /// A function of each element, in `float32` or `bfloat16`.
    package func applying(_ function: (Float) -> Float) -> Tensor {
        Tensor(storage: .float32(scalars.map(function)), shape: shape).cast(to: dtype.fractional)
    }

    /// A scalar as a tensor of a type that keeps this tensor's type where possible.
    package func operand(_ scalar: some TensorScalar) -> Tensor {
        let tensor = Tensor(scalar)
        if dtype.isFloatingPoint { return tensor.cast(to: dtype) }
        let byte = tensor.cast(to: .uint8)
        return dtype == .uint8 && tensor.dtype == .int32 && [Int](byte) == [Int](tensor)
            ? byte : tensor
    }

    /// A function of each pair of elements, in their common type.
    private func computed(
        with other: Tensor, _ float: (Float, Float) -> Float, _ whole: (Int32, Int32) -> Int32
    ) -> Tensor {
        switch DType.promoted(dtype, other.dtype) {
        case .float32, .bfloat16:
            return computed(with: other, float)
        case .int32, .bool:
            let (a, b, shape) = broadcast(with: other)
            return Tensor(
                storage: .int32(Tensor.pairwise([Int32](a), [Int32](b), whole)), shape: shape)
        case .uint8:
            let (a, b, shape) = broadcast(with: other)
            let bytes = Tensor.pairwise([UInt8](a), [UInt8](b)) {
                UInt8(truncatingIfNeeded: whole(Int32($0), Int32($1)))
            }
            return Tensor(storage: .uint8(bytes), shape: shape)
        }
    }

    /// A function of each pair of elements, with a floating-point result.
    package func computed(with other: Tensor, _ function: (Float, Float) -> Float) -> Tensor {
        let (a, b, shape) = broadcast(with: other)
        let results = Tensor(
            storage: .float32(Tensor.pairwise([Float](a), [Float](b), function)), shape: shape)
        return results.cast(to: DType.promoted(dtype, other.dtype).fractional)
    }

    /// Both tensors' elements, of one shape or one of them a single element, and the shape of the result.
    ///
    /// - Precondition: the shapes broadcast.
    func broadcast(with other: Tensor) -> (Tensor, Tensor, shape: [Int]) {
        if shape == other.shape { return (self, other, shape) }
        return required { () throws(GraphError) in
            let shape = try Tensor.commonShape([self, other])
            let count = shape.reduce(1, *)
            func spread(_ tensor: Tensor) throws(GraphError) -> Tensor {
                tensor.count == count || tensor.count == 1
                    ? tensor : try tensor.broadcast(to: shape)
            }
            return (try spread(self), try spread(other), shape)
        }
    }

    /// The broadcast shape of tensors, by NumPy's rule.
    static func commonShape(_ tensors: [Tensor]) throws(GraphError) -> [Int] {
        var common: [Int] = []
        for tensor in tensors {
            guard let shape = Shape(common).broadcast(with: Shape(tensor.shape))?.known else {
                throw GraphError(.notBroadcastable(Shape(common), Shape(tensor.shape)))
            }
            common = shape
        }
        _ = try newElementCount(of: common, .bool)
        return common
    }

    /// One result for each pair of elements; a single element is broadcast.
    static func pairwise<A, B, R>(_ a: [A], _ b: [B], _ function: (A, B) -> R) -> [R] {
        let count = a.count == 1 ? b.count : a.count
        let (aStep, bStep) = (a.count == 1 ? 0 : 1, b.count == 1 ? 0 : 1)
        return a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                [R](unsafeUninitializedCapacity: count) { result, initialized in
                    var index = 0
                    while index < count {
                        result.initializeElement(
                            at: index, to: function(a[index * aStep], b[index * bStep]))
                        index += 1
                    }
                    initialized = count
                }
            }
        }
    }
}
