internal import CZlib

/// Bytes in zlib's own format (RFC 1950).
enum Zlib {
    struct Failure: Error {
        /// Of `uncompress`, in zlib.h.
        let status: Int32
    }

    /// Unpacks exactly `count` bytes.
    static func unpacked(_ packed: [UInt8], count: Int) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var length = UInt(count)
        let status = uncompress(&bytes, &length, packed, UInt(packed.count))
        guard status == Z_OK, length == UInt(count) else { throw Failure(status: status) }
        return bytes
    }
}
