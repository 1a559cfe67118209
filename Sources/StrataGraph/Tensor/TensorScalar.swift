/// The element of a tensor: a number, a boolean, or an array of these.
public protocol TensorElement {
    /// A tensor of these elements along its first axis.
    ///
    /// - Precondition: arrays among the elements are of one length.
    static func tensor(of elements: [Self]) -> Tensor
}

/// A number or boolean, which can be an operand beside a tensor.
public protocol TensorScalar: TensorElement {
    /// The elements of a tensor, row-major, converted to this type.
    static func elements(of tensor: Tensor) -> [Self]
}

extension Array: TensorElement where Element: TensorElement {
    /// A tensor of these rows.
    ///
    /// - Precondition: rows are equally long.
    public static func tensor(of elements: [[Element]]) -> Tensor {
        let length = elements.first?.count ?? 0
        return required { () throws(GraphError) in
            if let (row, other) = elements.enumerated().first(where: { $1.count != length }) {
                throw GraphError(
                    .invalidArgument(
                        "row 0 has \(length) elements, but row \(row) has \(other.count)",
                        fix: "make all rows equally long"))
            }
            let flat = Element.tensor(of: Array<Element>(elements.joined()))
            return Tensor(
                storage: flat.storage, shape: [elements.count, length] + flat.shape.dropFirst())
        }
    }
}

extension Float: TensorScalar {
    public static func tensor(of elements: [Float]) -> Tensor {
        Tensor(storage: .float32(elements), shape: [elements.count])
    }
    public static func elements(of tensor: Tensor) -> [Float] { tensor.scalars }
}

extension Double: TensorScalar {
    /// A `float32` tensor.
    public static func tensor(of elements: [Double]) -> Tensor {
        Float.tensor(of: elements.map { Float($0) })
    }
    public static func elements(of tensor: Tensor) -> [Double] {
        switch tensor.storage {
        case .float32, .bfloat16: tensor.scalars.map { Double($0) }
        case .int32(let values): values.map { Double($0) }
        case .uint8(let values): values.map { Double($0) }
        case .bool(let values): values.map { $0 ? 1 : 0 }
        }
    }
}

extension Int: TensorScalar {
    /// An `int32` tensor, or a `float32` tensor if an element is out of range.
    public static func tensor(of elements: [Int]) -> Tensor {
        elements.allSatisfy { Int32(exactly: $0) != nil }
            ? Int32.tensor(of: elements.map { Int32(truncatingIfNeeded: $0) })
            : Float.tensor(of: elements.map { Float($0) })
    }
    /// As ``Tensor/integers``.
    public static func elements(of tensor: Tensor) -> [Int] { tensor.integers }
}

extension Int32: TensorScalar {
    public static func tensor(of elements: [Int32]) -> Tensor {
        Tensor(storage: .int32(elements), shape: [elements.count])
    }
    /// Converted as in ``Tensor/cast(to:)``.
    public static func elements(of tensor: Tensor) -> [Int32] {
        switch tensor.storage {
        case .float32, .bfloat16: tensor.scalars.map { Int32(clamping: $0.wholeNumber) }
        case .int32(let values): values
        case .uint8(let values): values.map { Int32($0) }
        case .bool(let values): values.map { $0 ? 1 : 0 }
        }
    }
}

extension UInt8: TensorScalar {
    public static func tensor(of elements: [UInt8]) -> Tensor {
        Tensor(storage: .uint8(elements), shape: [elements.count])
    }
    /// Converted as in ``Tensor/cast(to:)``.
    public static func elements(of tensor: Tensor) -> [UInt8] {
        switch tensor.storage {
        case .float32, .bfloat16: tensor.scalars.map { UInt8(clamping: $0.wholeNumber) }
        case .int32(let values): values.map { UInt8(clamping: $0) }
        case .uint8(let values): values
        case .bool(let values): values.map { $0 ? 1 : 0 }
        }
    }
}

extension Bool: TensorScalar {
    public static func tensor(of elements: [Bool]) -> Tensor {
        Tensor(storage: .bool(elements), shape: [elements.count])
    }
    /// Whether the elements are not 0.
    public static func elements(of tensor: Tensor) -> [Bool] {
        switch tensor.storage {
        case .float32, .bfloat16: tensor.scalars.map { $0 != 0 }
        case .int32(let values): values.map { $0 != 0 }
        case .uint8(let values): values.map { $0 != 0 }
        case .bool(let values): values
        }
    }
}

extension Float {
    /// Rounded towards zero; NaN becomes 0, and values out of range are clipped.
    fileprivate var wholeNumber: Int {
        isNaN ? 0 : Int(Swift.min(Swift.max(self, -0x1p62), 0x1p62))
    }
}

extension Array where Element: TensorScalar {
    /// The elements of a tensor, row-major, converted to this type.
    ///
    /// ```swift
    /// let values = [Float](Tensor([1, 2]) / 2)  // [0.5, 1.0]
    /// ```
    public init(_ tensor: Tensor) { self = Element.elements(of: tensor) }
}

extension TensorScalar {
    /// The element of a tensor that has one, converted to this type.
    ///
    /// ```swift
    /// let classCount = try Int(y.max() + 1)
    /// ```
    ///
    /// - Precondition: the tensor has one element.
    public init(_ tensor: Tensor) {
        self = required { () throws(GraphError) in
            guard tensor.count == 1 else {
                throw GraphError(
                    .invalidArgument(
                        "a tensor of shape \(tensor.shape) is not one number",
                        fix: "take one of its elements, or convert it to an array"))
            }
            return Self.elements(of: tensor)[0]
        }
    }
}

extension Tensor {
    /// A tensor of numbers, booleans or nested arrays of a given type; `shape` defaults to the
    /// arrays'.
    ///
    /// `Float` and `Double` give `float32`, `Int` and `Int32` `int32`, `UInt8` `uint8`, `Bool`
    /// `bool`. An `Int` out of range of `int32` makes all `float32`.
    ///
    /// - Precondition: rows are equally long, and `shape` multiplies to the number of elements.
    ///   ``stacked(_:axis:)`` and ``reshaped(_:)`` throw instead.
    @_disfavoredOverload
    public init<Element: TensorElement>(_ elements: [Element], shape: [Int]? = nil) {
        self.init(checked: Element.tensor(of: elements), shape: shape)
    }

    /// A `float32` matrix of these rows.
    ///
    /// - Precondition: rows are equally long.
    public init(_ rows: [[Float]]) { self = [Float].tensor(of: rows) }

    /// A `float32` tensor of these matrices.
    ///
    /// - Precondition: rows are equally long, and so are matrices.
    public init(_ matrices: [[[Float]]]) { self = [[Float]].tensor(of: matrices) }

    /// A `float32` tensor of these images of rows, columns and channels.
    ///
    /// - Precondition: arrays of one depth are equally long.
    public init(_ pictures: [[[[Float]]]]) { self = [[[Float]]].tensor(of: pictures) }

    /// A scalar of a given type, of shape `[]`.
    @_disfavoredOverload
    public init<Scalar: TensorScalar>(_ scalar: Scalar) {
        self.init(storage: Scalar.tensor(of: [scalar]).storage, shape: [])
    }

    /// The element of a tensor that has one.
    ///
    /// - Precondition: the tensor has one element.
    public func item() -> Double { Double(self) }
}
