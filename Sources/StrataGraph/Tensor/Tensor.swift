/// An array in memory, row-major (the last dimension is contiguous).
///
/// A tensor is a value: copies share storage until one of them is changed.
///
/// ```swift
/// let x = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
/// x.scalars  // [1, 2, 3, 4, 5, 6]
/// ```
public struct Tensor: Sendable, Hashable {
    /// The elements, by type.
    ///
    /// `bfloat16` has the upper halves of `float32` bit patterns.
    package enum Storage: Sendable, Hashable {
        case float32([Float])
        case bfloat16([UInt16])
        case int32([Int32])
        case uint8([UInt8])
        case bool([Bool])
    }

    /// The dimensions, outermost first.
    public private(set) var shape: [Int]
    package var storage: Storage

    package init(storage: Storage, shape: [Int]) {
        self.storage = storage
        self.shape = shape
    }

    /// A `float32` tensor of these elements; `shape` defaults to one dimension.
    ///
    /// Literals without a type are `float32`.
    ///
    /// - Precondition: `shape` multiplies to the number of elements.
    ///   `try Tensor(scalars).reshaped(shape)` throws instead.
    public init(_ scalars: [Float], shape: [Int]? = nil) {
        self.init(checked: Float.tensor(of: scalars), shape: shape)
    }

    /// An `int32` tensor of these elements; `shape` defaults to one dimension.
    ///
    /// - Precondition: `shape` multiplies to the number of elements.
    @_disfavoredOverload
    public init(_ scalars: [Int32], shape: [Int]? = nil) {
        self.init(checked: Int32.tensor(of: scalars), shape: shape)
    }

    /// A `uint8` tensor of these elements; `shape` defaults to one dimension.
    ///
    /// - Precondition: `shape` multiplies to the number of elements.
    @_disfavoredOverload
    public init(_ scalars: [UInt8], shape: [Int]? = nil) {
        self.init(checked: UInt8.tensor(of: scalars), shape: shape)
    }

    /// A `bool` tensor of these elements; `shape` defaults to one dimension.
    ///
    /// - Precondition: `shape` multiplies to the number of elements.
    public init(_ scalars: [Bool], shape: [Int]? = nil) {
        self.init(checked: Bool.tensor(of: scalars), shape: shape)
    }

    /// A scalar, of shape `[]`.
    public init(_ scalar: Float) {
        self.init(storage: .float32([scalar]), shape: [])
    }

    /// A `float32` tensor filled with one value.
    ///
    /// - Precondition: no dimension is negative, and memory holds the elements.
    ///   `try Tensor(scalar).broadcast(to: shape)` throws instead.
    public init(repeating scalar: Float, shape: [Int]) {
        let count = required { () throws(GraphError) in
            try Tensor.newElementCount(of: shape, .float32)
        }
        self.init(storage: .float32(Array(repeating: scalar, count: count)), shape: shape)
    }

    init(checked flat: Tensor, shape: [Int]?) {
        guard let shape else {
            self = flat
            return
        }
        self = required { () throws(GraphError) in
            guard try Tensor.elementCount(of: shape) == flat.count else {
                let count = shape.reduce(1, *)
                throw GraphError(
                    .invalidArgument(
                        "a tensor of shape \(shape) has \(count) elements, but \(flat.count) were given",
                        fix: "make the shape multiply to the number of elements"))
            }
            return Tensor(storage: flat.storage, shape: shape)
        }
    }

    /// Zeros of any type.
    ///
    /// - Precondition: no dimension is negative, and memory holds the elements.
    ///   `try Tensor(0).broadcast(to: shape).cast(to: dtype)` throws instead.
    public static func zeros(_ shape: [Int], dtype: DType = .float32) -> Tensor {
        let count = required { () throws(GraphError) in try newElementCount(of: shape, dtype) }
        let storage: Storage =
            switch dtype {
            case .float32: .float32(Array(repeating: 0, count: count))
            case .bfloat16: .bfloat16(Array(repeating: 0, count: count))
            case .int32: .int32(Array(repeating: 0, count: count))
            case .uint8: .uint8(Array(repeating: 0, count: count))
            case .bool: .bool(Array(repeating: false, count: count))
            }
        return Tensor(storage: storage, shape: shape)
    }

    public var dtype: DType {
        switch storage {
        case .float32: .float32
        case .bfloat16: .bfloat16
        case .int32: .int32
        case .uint8: .uint8
        case .bool: .bool
        }
    }

    public var rank: Int { shape.count }

    /// The number of elements.
    public var count: Int { shape.reduce(1, *) }

    /// Bytes that the elements take.
    public var byteCount: Int { count * dtype.byteCount }

    /// The elements as `Float`, row-major, whatever the type.
    public var scalars: [Float] {
        switch storage {
        case .float32(let values): values
        case .bfloat16(let values): values.map { Float(bitPattern: UInt32($0) << 16) }
        case .int32(let values): values.map(Float.init)
        case .uint8(let values): values.map(Float.init)
        case .bool(let values): values.map { $0 ? 1 : 0 }
        }
    }

    /// The elements as `Int`, row-major; fractions are truncated, and values out of range are 0.
    public var integers: [Int] {
        switch storage {
        case .float32, .bfloat16: scalars.map { Int(exactly: $0.rounded(.towardZero)) ?? 0 }
        case .int32(let values): values.map(Int.init)
        case .uint8(let values): values.map(Int.init)
        case .bool(let values): values.map { $0 ? 1 : 0 }
        }
    }

    /// The elements converted to another type, rounded towards zero for integer types.
    ///
    /// Values out of range of an integer type are clipped, and NaN becomes 0.
    public func cast(to dtype: DType) -> Tensor {
        if dtype == self.dtype { return self }
        let storage: Storage =
            switch dtype {
            case .float32: .float32(scalars)
            case .bfloat16: .bfloat16(scalars.map(Tensor.bfloat16Bits))
            case .int32: .int32([Int32](self))
            case .uint8: .uint8([UInt8](self))
            case .bool: .bool([Bool](self))
            }
        return Tensor(storage: storage, shape: shape)
    }

    /// Rounds to the nearest `bfloat16`, ties to even (Intel, "BFLOAT16 Hardware Numerics", 2018).
    package static func bfloat16Bits(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        if value.isNaN { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
        return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) >> 16)
    }
}

extension Tensor {
    /// Reads the elements' bytes.
    package func withUnsafeBytes<R>(
        _ body: (UnsafeRawBufferPointer) throws -> R
    ) rethrows -> R {
        switch storage {
        case .float32(let values): try values.withUnsafeBytes(body)
        case .bfloat16(let values): try values.withUnsafeBytes(body)
        case .int32(let values): try values.withUnsafeBytes(body)
        case .uint8(let values): try values.withUnsafeBytes(body)
        case .bool(let values): try values.withUnsafeBytes(body)
        }
    }

    /// A tensor whose elements `fill` writes as bytes; they are initially zero.
    package init(
        shape: [Int], dtype: DType, fill: (UnsafeMutableRawBufferPointer) throws -> Void
    ) rethrows {
        let count = shape.reduce(1, *)
        switch dtype {
        case .float32:
            var floats = [Float](repeating: 0, count: count)
            try floats.withUnsafeMutableBytes(fill)
            self.init(storage: .float32(floats), shape: shape)
        case .bfloat16:
            var halves = [UInt16](repeating: 0, count: count)
            try halves.withUnsafeMutableBytes(fill)
            self.init(storage: .bfloat16(halves), shape: shape)
        case .int32:
            var integers = [Int32](repeating: 0, count: count)
            try integers.withUnsafeMutableBytes(fill)
            self.init(storage: .int32(integers), shape: shape)
        case .uint8, .bool:
            var bytes = [UInt8](repeating: 0, count: count)
            try bytes.withUnsafeMutableBytes(fill)
            self.init(
                storage: dtype == .bool ? .bool(bytes.map { $0 != 0 }) : .uint8(bytes),
                shape: shape)
        }
    }
}
