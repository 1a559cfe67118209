internal import StrataGraph

/// How numbers stand in a file, of more kinds than tensors have.
enum NumberFormat: Hashable {
    /// `isBrain` tells `bfloat16` from IEEE 754's type of two bytes.
    case floatingPoint(byteCount: Int, isBrain: Bool, isBigEndian: Bool)
    case integer(byteCount: Int, isSigned: Bool, isBigEndian: Bool)
    case bool

    var byteCount: Int {
        switch self {
        case .floatingPoint(let byteCount, _, _), .integer(let byteCount, _, _): byteCount
        case .bool: 1
        }
    }

    /// The elements that `bytes` hold: floating-point numbers as `float32` or `bfloat16`, integers as
    /// `int32` or `uint8`.
    ///
    /// - Throws: where an integer does not fit into 32 bits.
    func tensor(_ bytes: [UInt8], shape: [Int]) throws(FileError) -> Tensor {
        switch self {
        case .floatingPoint(4, _, isBigEndian: false): return Self.copy(bytes, shape, .float32)
        case .floatingPoint(2, isBrain: true, isBigEndian: false):
            return Self.copy(bytes, shape, .bfloat16)
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
        case .integer(4, isSigned: true, isBigEndian: false):
            return Self.copy(bytes, shape, .int32)
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
        }
    }

    /// The same bytes, as the machine is little-endian like the file.
    private static func copy(_ bytes: [UInt8], _ shape: [Int], _ dtype: DType) -> Tensor {
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
