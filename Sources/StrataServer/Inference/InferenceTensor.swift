#if Server
package import Strata

/// A tensor of a request or an answer, whatever the protocol.
package struct InferenceTensor: Sendable, Hashable {
    package let name: String
    package let datatype: InferenceDatatype
    package let shape: [Int]
    package let contents: InferenceContents

    /// A tensor of typed elements.
    ///
    /// - Throws: a ``ServingError`` unless the elements are of the datatype and as many as the shape
    ///   has.
    package init(
        name: String, datatype: InferenceDatatype, shape: [Int], contents: InferenceContents
    ) throws(ServingError) {
        let count = try Self.elementCount(of: shape, name: name)
        guard contents.isOf(datatype) else {
            throw ServingError(
                .invalidArgument,
                "the elements of input \(quoted(name)) are not of its datatype "
                    + datatype.rawValue)
        }
        guard contents.count == count else {
            throw ServingError(
                .invalidArgument,
                "input \(quoted(name)) has \(contents.count) elements, but its shape \(shape) "
                    + "takes \(count)")
        }
        self.init(checked: name, datatype, shape, contents)
    }

    /// A tensor in binary form, such as an element of gRPC's `raw_input_contents`.
    package init(
        name: String, datatype: InferenceDatatype, shape: [Int], raw: UnsafeRawBufferPointer
    ) throws(ServingError) {
        self.init(
            checked: name, datatype, shape,
            try InferenceContents(raw: raw, datatype, shape: shape, of: name))
    }

    /// A tensor of an answer.
    package init(name: String, _ tensor: Tensor) {
        let contents: InferenceContents =
            switch tensor.storage {
            case .float32(let values): .float32(values)
            case .bfloat16: .float32(tensor.scalars)
            case .int32(let values): .int64(values.map { Int64($0) })
            case .uint8(let values): .uint8(values)
            case .bool(let values): .bool(values)
            }
        self.init(checked: name, InferenceDatatype(tensor.dtype), tensor.shape, contents)
    }

    init(
        checked name: String, _ datatype: InferenceDatatype, _ shape: [Int],
        _ contents: InferenceContents
    ) {
        self.name = name
        self.datatype = datatype
        self.shape = shape
        self.contents = contents
    }

    /// Reads the elements in binary form.
    package func withRawBytes<R>(
        _ body: (UnsafeRawBufferPointer) throws -> R
    ) rethrows -> R {
        try contents.withRawBytes(datatype, body)
    }

    /// The number of elements of a shape that a client sent.
    ///
    /// - Throws: a ``ServingError`` if a dimension is negative or memory cannot hold the elements.
    package static func elementCount(of shape: [Int], name: String) throws(ServingError) -> Int {
        guard Shape(shape).isPossible, let count = Shape(shape).elementCount else {
            throw ServingError(
                .invalidArgument,
                "input \(quoted(name)) has shape \(shape.prefix(16)); a shape has no negative "
                    + "dimensions and fewer than 2^46 elements")
        }
        return count
    }
}

// MARK: The model's types

extension InferenceTensor {
    /// The elements in a model's type.
    ///
    /// - Throws: a ``ServingError`` if an element is not in the type's range, is a fraction where
    ///   integers are expected, or a text.
    package func tensor(as dtype: DType) throws(ServingError) -> Tensor {
        switch dtype {
        case .float32: return Tensor(storage: .float32(try floats()), shape: shape)
        case .bfloat16:
            return Tensor(
                storage: .bfloat16(try floats().map(Tensor.bfloat16Bits)), shape: shape)
        case .int32: return Tensor(storage: .int32(try integers(dtype)), shape: shape)
        case .uint8: return Tensor(storage: .uint8(try integers(dtype)), shape: shape)
        case .bool:
            if case .bool(let values) = contents {
                return Tensor(storage: .bool(values), shape: shape)
            }
            let values: [UInt8] = try integers(dtype)
            if let index = values.firstIndex(where: { $0 > 1 }) {
                throw outOfRange(index, "\(values[index])", dtype)
            }
            return Tensor(storage: .bool(values.map { $0 != 0 }), shape: shape)
        }
    }

    private func floats() throws(ServingError) -> [Float] {
        switch contents {
        case .float32(let values): return values
        case .bool(let values): return values.map { $0 ? 1 : 0 }
        case .uint8(let values): return values.map { Float($0) }
        case .int64(let values): return values.map { Float($0) }
        case .uint64(let values): return values.map { Float($0) }
        case .float64(let values):
            let floats = values.map { Float($0) }
            if let index = floats.indices.first(where: {
                floats[$0].isInfinite && values[$0].isFinite
            }) {
                throw outOfRange(index, "\(values[index])", .float32)
            }
            return floats
        case .bytes: throw noNumbers
        }
    }

    private func integers<T: FixedWidthInteger>(_ dtype: DType) throws(ServingError) -> [T] {
        func exactly<S>(_ values: [S], _ convert: (S) -> T?) throws(ServingError) -> [T] {
            var result: [T] = []
            result.reserveCapacity(values.count)
            for (index, value) in values.enumerated() {
                guard let integer = convert(value) else {
                    throw outOfRange(index, "\(value)", dtype)
                }
                result.append(integer)
            }
            return result
        }
        switch contents {
        case .bool(let values): return values.map { $0 ? 1 : 0 }
        case .uint8(let values):
            return (values as? [T]) ?? values.map { T(truncatingIfNeeded: $0) }
        case .int64(let values): return try exactly(values) { T(exactly: $0) }
        case .uint64(let values): return try exactly(values) { T(exactly: $0) }
        case .float32(let values): return try exactly(values) { T(exactly: $0) }
        case .float64(let values): return try exactly(values) { T(exactly: $0) }
        case .bytes: throw noNumbers
        }
    }

    private func outOfRange(_ index: Int, _ value: String, _ dtype: DType) -> ServingError {
        ServingError(
            .invalidArgument,
            "element \(index) of input \(quoted(name)) is \(value), but the model takes "
                + "\(dtype.rawValue)")
    }

    private var noNumbers: ServingError {
        ServingError(
            .invalidArgument,
            "input \(quoted(name)) has datatype BYTES, but the model takes numbers")
    }
}
#endif
