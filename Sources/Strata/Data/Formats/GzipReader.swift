internal import CZlib

/// A streaming reader of gzip files (RFC 1952).
///
/// It uses no more memory than requested, so that a small file cannot expand without bound.
final class GzipReader {
    private let file: String
    private let compressed: [UInt8]
    private var consumed = 0
    private var stream = z_stream()
    private var isAtEnd = false

    /// - Parameter file: the file's name in errors.
    init(_ compressed: [UInt8], file: String) throws(DataError) {
        self.file = file
        self.compressed = compressed
        // 16 asks for a gzip header (zlib.h, `inflateInit2`).
        let status = inflateInit2_(
            &stream, 16 + MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            throw .corruptSet(file: file, problem: "zlib could not be started (\(status))")
        }
    }

    deinit {
        inflateEnd(&stream)
    }

    /// The next `count` bytes, all of them.
    func read(_ count: Int) throws(DataError) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: count)
        let filled = try fill(&result)
        guard filled == count else {
            throw .corruptSet(
                file: file, problem: "it ends \(count - filled) bytes early once unpacked")
        }
        return result
    }

    /// Skips the next `count` bytes.
    func skip(_ count: Int) throws(DataError) {
        var left = count
        while left > 0 {
            let step = min(left, 1 << 16)
            _ = try read(step)
            left -= step
        }
    }

    /// Checks that no data follows, neither in the compressed stream nor after it.
    func finish() throws(DataError) {
        var one: [UInt8] = [0]
        guard try fill(&one) == 0 else {
            throw .corruptSet(file: file, problem: "more data follows than its header announces")
        }
        guard consumed == compressed.count else {
            throw .corruptSet(
                file: file,
                problem: "\(compressed.count - consumed) bytes follow the end of its gzip stream")
        }
    }

    private func fill(_ result: inout [UInt8]) throws(DataError) -> Int {
        var filled = 0
        while filled < result.count, !isAtEnd {
            let (status, input, output) = inflateOnce(into: &result, from: filled)
            consumed += input
            filled += output
            switch status {
            case Z_STREAM_END: isAtEnd = true
            case Z_OK: break
            case Z_BUF_ERROR:
                throw .corruptSet(file: file, problem: "its gzip stream is cut off")
            default:
                throw .corruptSet(
                    file: file,
                    problem: stream.msg.map {
                        "its gzip stream is damaged (\(String(cString: $0)))"
                    }
                        ?? "its gzip stream is damaged")
            }
        }
        return filled
    }

    private func inflateOnce(
        into result: inout [UInt8], from start: Int
    ) -> (status: Int32, input: Int, output: Int) {
        compressed.withUnsafeBufferPointer { input in
            result.withUnsafeMutableBufferPointer { output in
                // zlib counts in 32 bits and promises not to write to its input.
                let available = min(input.count - consumed, Int(Int32.max))
                let room = min(output.count - start, Int(Int32.max))
                stream.next_in = UnsafeMutablePointer(
                    mutating: input.baseAddress.map { $0 + consumed })
                stream.avail_in = UInt32(available)
                stream.next_out = output.baseAddress.map { $0 + start }
                stream.avail_out = UInt32(room)
                let status = inflate(&stream, Z_NO_FLUSH)
                return (status, available - Int(stream.avail_in), room - Int(stream.avail_out))
            }
        }
    }
}
