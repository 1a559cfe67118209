internal import StrataGraph

/// The number formats of files, more than tensors have.
enum NumberFormat: Hashable {
    /// `isBrain` distinguishes `bfloat16` from IEEE 754's half precision.
    case floatingPoint(byteCount: Int, isBrain: Bool, isBigEndian: Bool)
    case integer(byteCount: Int, isSigned: Bool, isBigEndian: Bool)
    case bool

    var byteCount: Int {
        switch self {
        case .floatingPoint(let byteCount, _, _), .integer(let byteCount, _, _): byteCount
        case .bool: 1
        }
    }

    /// The elements of `bytes`: floating-point numbers as `float32` or `bfloat16`, integers as
    /// `int32` or `uint8`.
    ///
    /// - Throws: if an integer does not fit into 32 bits.
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
            var values: [Int32] = []
            values.reserveCapacity(elements.count)
            for bits in elements {
                let signed = Int64(bitPattern: bits << unused) >> unused
                guard let value = isSigned ? Int32(exactly: signed) : Int32(exactly: bits) else {
                    throw FileError(
                        "holds integers beyond 32 bits, such as "
                            + (isSigned ? "\(signed)" : "\(bits)"),
                        fix: "write it as int32 where the values allow it, else as float32, which "
                            + "rounds them")
                }
                values.append(value)
            }
            return Tensor(values, shape: shape)
        case .bool: return Self.copy(bytes, shape, .bool)
        }
    }

    /// The same bytes: the machine is little-endian like the file.
    private static func copy(_ bytes: [UInt8], _ shape: [Int], _ dtype: DType) -> Tensor {
        Tensor(shape: shape, dtype: dtype) { $0.copyBytes(from: bytes) }
    }

    private static func elements(
        _ bytes: [UInt8], _ byteCount: Int, _ isBigEndian: Bool
    ) -> [UInt64] {
        func read<T: FixedWidthInteger>(_ type: T.Type) -> [UInt64] {
            bytes.withUnsafeBytes { bytes in
                (0..<bytes.count / byteCount).map { index in
                    let bits = bytes.loadUnaligned(fromByteOffset: index * byteCount, as: type)
                    return UInt64(
                        truncatingIfNeeded: isBigEndian ? bits.bigEndian : bits.littleEndian)
                }
            }
        }
        switch byteCount {
        case 8: return read(UInt64.self)
        case 4: return read(UInt32.self)
        case 2: return read(UInt16.self)
        default: return read(UInt8.self)
        }
    }

    /// As ``tensor(_:shape:)``, but it is an error if a finite value becomes infinite.
    func exactTensor(_ bytes: [UInt8], shape: [Int]) throws(FileError) -> Tensor {
        if case .floatingPoint(8, _, let isBigEndian) = self {
            let values = Self.elements(bytes, 8, isBigEndian).map { Double(bitPattern: $0) }
            if let lost = values.first(where: { $0.isFinite && !Float($0).isFinite }) {
                throw FileError(
                    "holds \(lost), which is beyond float32",
                    fix: "scale the values, or clip them to ±3.4e38")
            }
        }
        return try tensor(bytes, shape: shape)
    }
}
