/// The checksum of TFRecord files: the cyclic redundancy check with Castagnoli's polynomial
/// (RFC 3720, appendix B.4).
enum CRC32C {
    /// The polynomial 0x1EDC6F41 with its bits in reverse order.
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in
            value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1
        }
    }

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
    }

    /// The masked checksum of a TFRecord file: a checksum of data that contains checksums would be
    /// weak (tensorflow/core/lib/hash/crc32c.h, `Mask`).
    static func masked(_ bytes: [UInt8]) -> UInt32 {
        let value = checksum(bytes)
        return (value >> 15 | value << 17) &+ 0xA282_EAD8
    }
}
