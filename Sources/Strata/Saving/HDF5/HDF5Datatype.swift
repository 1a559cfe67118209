internal import StrataGraph

/// The type of a dataset's elements or of an attribute (section IV.A.2.d), as far as it can be read.
enum HDF5Datatype: Equatable {
    case floatingPoint(byteCount: Int, isBrain: Bool, isBigEndian: Bool)
    case integer(byteCount: Int, isSigned: Bool, isBigEndian: Bool)
    /// h5py's bool: an enumeration of two in one byte.
    case bool
    case opaque(byteCount: Int)
    case text(byteCount: Int)
    /// A text whose characters stand elsewhere in the file.
    case variableText
    case other(byteCount: Int)

    init(_ cursor: inout ByteCursor) throws(FileError) {
        let head = try cursor.unsigned(1)
        let bits = try cursor.unsigned(3)
        let byteCount = try cursor.integer(4)
        let isBigEndian = bits & 1 != 0
        self = .other(byteCount: byteCount)
        switch head & 0x0F {
        case 0:
            let offset = try cursor.integer(2)
            let precision = try cursor.integer(2)
            if offset == 0, precision == 8 * byteCount, [1, 2, 4, 8].contains(byteCount) {
                self = .integer(
                    byteCount: byteCount, isSigned: bits & 8 != 0, isBigEndian: isBigEndian)
            }
        case 1:
            // Offset and precision, then where exponent and mantissa are: IEEE 754's are known by
            // the exponent's length alone.
            let offset = try cursor.integer(2)
            let precision = try cursor.integer(2)
            try cursor.skip(1)
            let exponentLength = try cursor.integer(1)
            let isWhole = offset == 0 && precision == 8 * byteCount && bits & 0x40 == 0
            switch (byteCount, exponentLength) {
            case (2, 5), (4, 8), (8, 11), (2, 8):
                guard isWhole else { break }
                self = .floatingPoint(
                    byteCount: byteCount, isBrain: byteCount == 2 && exponentLength == 8,
                    isBigEndian: isBigEndian)
            default: break
            }
        case 3: self = .text(byteCount: byteCount)
        case 5: self = .opaque(byteCount: byteCount)
        case 8: if byteCount == 1 && bits & 0xFFFF == 2 { self = .bool }
        case 9: if bits & 0x0F == 1 { self = .variableText }
        default: break
        }
    }

    var byteCount: Int {
        switch self {
        case .floatingPoint(let byteCount, _, _), .integer(let byteCount, _, _),
            .opaque(let byteCount), .text(let byteCount), .other(let byteCount):
            byteCount
        case .bool: 1
        case .variableText: 16
        }
    }
}

extension HDF5Datatype {
    /// The elements that `bytes` hold, one after the other.
    func tensor(_ bytes: [UInt8], shape: [Int]) throws(FileError) -> Tensor {
        switch self {
        case .floatingPoint(4, _, false): return Self.copy(bytes, shape, .float32)
        case .floatingPoint(2, isBrain: true, false): return Self.copy(bytes, shape, .bfloat16)
        case .floatingPoint(let byteCount, let isBrain, let isBigEndian):
            let elements = Self.elements(bytes, byteCount, isBigEndian)
            return Tensor(
                elements.map { bits in
                    switch byteCount {
                    case 8: Float(Double(bitPattern: bits))
                    case 4: Float(bitPattern: UInt32(truncatingIfNeeded: bits))
                    default:
                        isBrain
                            ? Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16)
                            : Float(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))
                    }
                }, shape: shape)
        case .integer(1, isSigned: false, _): return Self.copy(bytes, shape, .uint8)
        case .integer(let byteCount, let isSigned, let isBigEndian):
            let elements = Self.elements(bytes, byteCount, isBigEndian)
            let unused = 64 - 8 * UInt64(byteCount)
            let values = elements.compactMap { bits in
                isSigned
                    ? Int32(exactly: Int64(bitPattern: bits << unused) >> unused)
                    : Int32(exactly: bits)
            }
            if values.count < elements.count { throw FileError("holds integers beyond 32 bits") }
            return Tensor(values, shape: shape)
        case .bool: return Self.copy(bytes, shape, .bool)
        case .opaque, .text, .variableText, .other: throw Self.unreadable
        }
    }

    static var unreadable: FileError {
        FileError("neither integers, floating-point numbers nor booleans")
    }

    /// The same bytes, as the machine is little-endian like the file.
    static func copy(_ bytes: [UInt8], _ shape: [Int], _ dtype: DType) -> Tensor {
        Tensor(shape: shape, dtype: dtype) { $0.copyBytes(from: bytes) }
    }

    private static func elements(
        _ bytes: [UInt8], _ byteCount: Int, _ isBigEndian: Bool
    ) -> [UInt64] {
        stride(from: 0, to: bytes.count, by: byteCount).map { start in
            let element = bytes[start..<start + byteCount]
            return isBigEndian
                ? element.reduce(0) { $0 << 8 | UInt64($1) }
                : element.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
