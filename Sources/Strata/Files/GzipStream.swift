internal import CZlib

/// A streaming decompressor of gzip (RFC 1952).
///
/// It uses no more memory than requested, so that a small file cannot expand without bound.
final class GzipStream {
    /// Why nothing more can be unpacked.
    enum Failure: Error {
        /// With zlib's status.
        case notStarted(Int32)
        case cutOff
        /// With zlib's message, where it has one.
        case damaged(String?)
    }

    private let packed: [UInt8]
    private var consumed = 0
    private var stream = z_stream()
    private var isAtEnd = false

    init(_ packed: [UInt8]) throws(Failure) {
        self.packed = packed
        // 16 asks for a gzip header (zlib.h, `inflateInit2`).
        let status = inflateInit2_(
            &stream, 16 + MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw .notStarted(status) }
    }

    deinit {
        inflateEnd(&stream)
    }

    /// How many bytes follow those that were read so far.
    var rest: Int { packed.count - consumed }

    /// Unpacks the next bytes.
    ///
    /// - Returns: how many there were, fewer than `result` takes only at the end.
    func fill(_ result: inout [UInt8]) throws(Failure) -> Int {
        var filled = 0
        while filled < result.count, !isAtEnd {
            let (status, input, output) = inflateOnce(into: &result, from: filled)
            consumed += input
            filled += output
            switch status {
            case Z_STREAM_END: isAtEnd = true
            case Z_OK: break
            case Z_BUF_ERROR: throw .cutOff
            default: throw .damaged(stream.msg.map { String(cString: $0) })
            }
        }
        return filled
    }

    private func inflateOnce(
        into result: inout [UInt8], from start: Int
    ) -> (status: Int32, input: Int, output: Int) {
        packed.withUnsafeBufferPointer { input in
            result.withUnsafeMutableBufferPointer { output in
                // zlib counts in 32 bits and promises not to write to its input.
                let available = min(input.count - consumed, Int(Int32.max))
                let capacity = min(output.count - start, Int(Int32.max))
                stream.next_in = UnsafeMutablePointer(
                    mutating: input.baseAddress.map { $0 + consumed })
                stream.avail_in = UInt32(available)
                stream.next_out = output.baseAddress.map { $0 + start }
                stream.avail_out = UInt32(capacity)
                let status = inflate(&stream, Z_NO_FLUSH)
                return (status, available - Int(stream.avail_in), capacity - Int(stream.avail_out))
            }
        }
    }
}
