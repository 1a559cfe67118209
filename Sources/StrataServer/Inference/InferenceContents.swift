#if Server
import Strata

/// The elements of a tensor on the wire, row-major, in a type that holds them exactly.
///
/// Integers other than `UINT8` and `UINT64` are `int64`, `FP16` and `BF16` are `float32`.
package enum InferenceContents: Sendable, Hashable {
    case bool([Bool])
    case uint8([UInt8])
    case int64([Int64])
    case uint64([UInt64])
    case float32([Float])
    case float64([Double])
    case bytes([[UInt8]])

    package var count: Int {
        switch self {
        case .bool(let values): values.count
        case .uint8(let values): values.count
        case .int64(let values): values.count
        case .uint64(let values): values.count
        case .float32(let values): values.count
        case .float64(let values): values.count
        case .bytes(let values): values.count
        }
    }

    /// Whether the elements are of a datatype, by kind and range.
    func isOf(_ datatype: InferenceDatatype) -> Bool {
        switch (self, datatype) {
        case (.bool, .bool), (.uint8, .uint8), (.uint64, .uint64), (.bytes, .bytes): true
        case (.float32, .fp16), (.float32, .bf16), (.float32, .fp32), (.float64, .fp64): true
        case (.int64, .int64): true
        case (.int64(let values), .int8), (.int64(let values), .int16),
            (.int64(let values), .int32), (.int64(let values), .uint16),
            (.int64(let values), .uint32), (.int64(let values), .uint8):
            datatype.integers.map { range in values.allSatisfy { range.contains($0) } } ?? false
        case (.bool, _), (.uint8, _), (.int64, _), (.uint64, _), (.float32, _), (.float64, _),
            (.bytes, _):
            false
        }
    }
}

// MARK: Binary form

extension InferenceContents {
    /// The elements of a tensor in binary form: little-endian, without padding; each of `BYTES` after
    /// its length in four bytes.
    ///
    /// - Parameter name: the input's, in errors.
    /// - Throws: a ``ServingError`` unless the bytes are just these elements.
    init(
        raw: UnsafeRawBufferPointer, _ datatype: InferenceDatatype, shape: [Int], of name: String
    ) throws(ServingError) {
        let count = try InferenceTensor.elementCount(of: shape, name: name)
        if let size = datatype.byteCount {
            let (expected, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow, raw.count == expected else {
                throw ServingError(
                    .invalidArgument,
                    "input \(quoted(name)) came with \(raw.count) bytes, but \(datatype.rawValue) "
                        + "\(shape) takes \(overflow ? "too many" : String(expected))")
            }
        }
        switch datatype {
        case .bool: self = .bool(raw.map { $0 != 0 })
        case .uint8: self = .uint8(Array(raw))
        case .int8: self = .int64(Self.elements(raw, count) { (value: Int8) in Int64(value) })
        case .uint16: self = .int64(Self.elements(raw, count) { (value: UInt16) in Int64(value) })
        case .int16: self = .int64(Self.elements(raw, count) { (value: Int16) in Int64(value) })
        case .uint32: self = .int64(Self.elements(raw, count) { (value: UInt32) in Int64(value) })
        case .int32: self = .int64(Self.elements(raw, count) { (value: Int32) in Int64(value) })
        case .int64: self = .int64(Self.copy(raw, count))
        case .uint64: self = .uint64(Self.copy(raw, count))
        case .fp16:
            self = .float32(
                Self.elements(raw, count) { (bits: UInt16) in Float(Float16(bitPattern: bits)) })
        case .bf16:
            self = .float32(
                Self.elements(raw, count) { (bits: UInt16) in
                    Float(bitPattern: UInt32(bits) << 16)
                })
        case .fp32: self = .float32(Self.copy(raw, count))
        case .fp64: self = .float64(Self.copy(raw, count))
        case .bytes: self = .bytes(try Self.lengthPrefixed(raw, count, name))
        }
    }

    private static func copy<T: BitwiseCopyable>(_ raw: UnsafeRawBufferPointer, _ count: Int) -> [T]
    {
        [T](unsafeUninitializedCapacity: count) { buffer, filled in
            UnsafeMutableRawBufferPointer(buffer).copyMemory(from: raw)
            filled = count
        }
    }

    private static func elements<T: BitwiseCopyable, R>(
        _ raw: UnsafeRawBufferPointer, _ count: Int, _ convert: (T) -> R
    ) -> [R] {
        [R](unsafeUninitializedCapacity: count) { buffer, filled in
            for index in 0..<count {
                let value = raw.loadUnaligned(
                    fromByteOffset: index * MemoryLayout<T>.size, as: T.self)
                buffer.initializeElement(at: index, to: convert(value))
            }
            filled = count
        }
    }

    private static func lengthPrefixed(
        _ raw: UnsafeRawBufferPointer, _ count: Int, _ name: String
    ) throws(ServingError) -> [[UInt8]] {
        var elements: [[UInt8]] = []
        var position = 0
        while position < raw.count {
            guard raw.count - position >= 4 else {
                throw ServingError(
                    .invalidArgument,
                    "input \(quoted(name)) ends within the length of element \(elements.count); "
                        + "each element of BYTES stands after its length in four bytes")
            }
            let length = Int(raw.loadUnaligned(fromByteOffset: position, as: UInt32.self))
            position += 4
            guard raw.count - position >= length else {
                throw ServingError(
                    .invalidArgument,
                    "element \(elements.count) of input \(quoted(name)) is said to have \(length) "
                        + "bytes, but \(raw.count - position) follow")
            }
            elements.append(Array(raw[position..<position + length]))
            position += length
        }
        guard elements.count == count else {
            throw ServingError(
                .invalidArgument,
                "input \(quoted(name)) has \(elements.count) elements, but its shape promises "
                    + "\(count)")
        }
        return elements
    }

    /// Reads the elements in the binary form of a datatype that they are of.
    package func withRawBytes<R>(
        _ datatype: InferenceDatatype, _ body: (UnsafeRawBufferPointer) throws -> R
    ) rethrows -> R {
        func pass<T: BitwiseCopyable>(_ values: [T]) throws -> R {
            try values.withUnsafeBytes(body)
        }
        func narrowed<T: FixedWidthInteger & BitwiseCopyable>(
            _ values: [Int64], _ type: T.Type
        ) throws -> R {
            try pass(values.map { T(truncatingIfNeeded: $0) })
        }
        switch (self, datatype) {
        case (.int64(let values), .int8), (.int64(let values), .uint8):
            return try narrowed(values, Int8.self)
        case (.int64(let values), .int16), (.int64(let values), .uint16):
            return try narrowed(values, Int16.self)
        case (.int64(let values), .int32), (.int64(let values), .uint32):
            return try narrowed(values, Int32.self)
        case (.float32(let values), .fp16): return try pass(values.map { Float16($0).bitPattern })
        case (.float32(let values), .bf16): return try pass(values.map(Tensor.bfloat16Bits))
        case (.bool(let values), _): return try pass(values)
        case (.uint8(let values), _): return try pass(values)
        case (.int64(let values), _): return try pass(values)
        case (.uint64(let values), _): return try pass(values)
        case (.float32(let values), _): return try pass(values)
        case (.float64(let values), _): return try pass(values)
        case (.bytes(let values), _):
            var joined: [UInt8] = []
            for value in values {
                withUnsafeBytes(of: UInt32(clamping: value.count).littleEndian) {
                    joined.append(contentsOf: $0)
                }
                joined.append(contentsOf: value)
            }
            return try pass(joined)
        }
    }
}
#endif
