// The types of results, as in NumPy, restricted to the types that a tensor has:
//
//     +, -, *              the wider of the two types: bool < uint8 < int32 < bfloat16 < float32;
//                          two bool count as int32
//     /, power, mean, …    the same where it is floating, else float32
//     a number beside it   leaves the tensor's type alone, but for a number with a fraction beside whole
//                          ones (float32), and one that the type cannot hold (uint8 with 300 or -1: int32;
//                          beyond int32: float32)
//     comparisons          bool
//
// Whole numbers that grow beyond their type wrap around, as in NumPy (uint8 250 + 10 is 4): `cast` before where
// that may happen. Division by 0 is infinite or no number, as in IEEE 754.

extension DType {
    /// The type that a result of two types has.
    ///
    /// It is the wider one of `bool`, `uint8`, `int32`, `bfloat16`, `float32`.
    public static func promoted(_ a: DType, _ b: DType) -> DType {
        let widest: [DType] = [.float32, .bfloat16, .int32, .uint8, .bool]
        return widest.first { $0 == a || $0 == b } ?? a
    }

    /// The type of a quotient, a mean and a function of numbers of this type.
    package var fractional: DType { isFloatingPoint ? self : .float32 }
}

/// Arithmetic, element by element, with NumPy's broadcasting.
///
/// `x / 255`, `2 * x + y`, `-x`, `x -= x_mean`: a tensor with another or with a number of type `Int`, `Float`,
/// `Double`, … on either side. `uint8` with `uint8` and with whole numbers from 0 to 255 stays `uint8` and wraps
/// around; a quotient has fractions. Note that `1 / 255` alone is a division of whole numbers in Swift: write
/// `x / 255` or `x * (1.0 / 255)`.
///
/// - Precondition: the shapes broadcast; the message has both. ``broadcast(to:)`` throws instead.
extension Tensor {
    public static func + (a: Tensor, b: Tensor) -> Tensor { a.computed(with: b, +, &+) }
    public static func - (a: Tensor, b: Tensor) -> Tensor { a.computed(with: b, -, &-) }
    public static func * (a: Tensor, b: Tensor) -> Tensor { a.computed(with: b, *, &*) }
    public static func / (a: Tensor, b: Tensor) -> Tensor { a.computed(with: b, /) }

    public static func + (a: Tensor, b: some TensorScalar) -> Tensor { a + a.operand(b) }
    public static func - (a: Tensor, b: some TensorScalar) -> Tensor { a - a.operand(b) }
    public static func * (a: Tensor, b: some TensorScalar) -> Tensor { a * a.operand(b) }
    public static func / (a: Tensor, b: some TensorScalar) -> Tensor { a / a.operand(b) }
    public static func + (a: some TensorScalar, b: Tensor) -> Tensor { b.operand(a) + b }
    public static func - (a: some TensorScalar, b: Tensor) -> Tensor { b.operand(a) - b }
    public static func * (a: some TensorScalar, b: Tensor) -> Tensor { b.operand(a) * b }
    public static func / (a: some TensorScalar, b: Tensor) -> Tensor { b.operand(a) / b }

    public static func += (a: inout Tensor, b: Tensor) { a = a + b }
    public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
    public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
    public static func /= (a: inout Tensor, b: Tensor) { a = a / b }
    public static func += (a: inout Tensor, b: some TensorScalar) { a = a + b }
    public static func -= (a: inout Tensor, b: some TensorScalar) { a = a - b }
    public static func *= (a: inout Tensor, b: some TensorScalar) { a = a * b }
    public static func /= (a: inout Tensor, b: some TensorScalar) { a = a / b }

    /// The elements with the other sign; `uint8` and `bool` become `int32`.
    public static prefix func - (x: Tensor) -> Tensor { x * -1 }
}

extension Tensor {
    /// The larger of two elements; NaN where one of them is, as NumPy's `maximum`.
    ///
    /// - Precondition: the shapes broadcast.
    public func maximum(_ other: Tensor) -> Tensor {
        computed(with: other, { $0 > $1 || $0.isNaN ? $0 : $1 }, { Swift.max($0, $1) })
    }
    /// The smaller of two elements; NaN where one of them is, as NumPy's `minimum`.
    ///
    /// - Precondition: the shapes broadcast.
    public func minimum(_ other: Tensor) -> Tensor {
        computed(with: other, { $0 < $1 || $0.isNaN ? $0 : $1 }, { Swift.min($0, $1) })
    }
    /// Each element, not below a bound.
    public func maximum(_ bound: some TensorScalar) -> Tensor { maximum(operand(bound)) }
    /// Each element, not above a bound.
    public func minimum(_ bound: some TensorScalar) -> Tensor { minimum(operand(bound)) }
    /// Each element brought into `low … high` (NumPy's `clip`).
    public func clipped(_ low: some TensorScalar, _ high: some TensorScalar) -> Tensor {
        maximum(low).minimum(high)
    }
    /// The elements without their sign.
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

    /// A number as a tensor of the type with which this tensor's type stays as it is where it can.
    package func operand(_ scalar: some TensorScalar) -> Tensor {
        let tensor = Tensor(scalar)
        if dtype.isFloatingPoint { return tensor.cast(to: dtype) }
        let byte = tensor.cast(to: .uint8)
        return dtype == .uint8 && tensor.dtype == .int32 && [Int](byte) == [Int](tensor)
            ? byte : tensor
    }

    /// A function of each pair of elements, in the type that both have together.
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

    /// A function of each pair of elements with fractions.
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

    /// The shape that tensors have together under NumPy's broadcasting rule.
    static func commonShape(_ tensors: [Tensor]) throws(GraphError) -> [Int] {
        var common: [Int] = []
        for tensor in tensors {
            guard let shape = Shape(common).broadcast(with: Shape(tensor.shape))?.known else {
                throw GraphError(.notBroadcastable(Shape(common), Shape(tensor.shape)))
            }
            common = shape
        }
        _ = try elementCount(of: common)
        return common
    }

    /// One result for each pair of elements; a single element goes with all of the other array.
    static func pairwise<A, B, R>(_ a: [A], _ b: [B], _ function: (A, B) -> R) -> [R] {
        let count = a.count == 1 ? b.count : a.count
        let (aStep, bStep) = (a.count == 1 ? 0 : 1, b.count == 1 ? 0 : 1)
        return a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                [R](unsafeUninitializedCapacity: count) { result, initialized in
                    var place = 0
                    while place < count {
                        result.initializeElement(
                            at: place, to: function(a[place * aStep], b[place * bStep]))
                        place += 1
                    }
                    initialized = count
                }
            }
        }
    }
}
