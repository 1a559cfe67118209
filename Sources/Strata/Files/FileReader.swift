internal import Foundation

/// Reads whole files, or their first bytes; each caller words a failure for its own users.
enum FileReader {
    /// What may stand at a path.
    enum Kind {
        case file
        case fileOrPipe
    }

    /// Why a file was not read.
    enum Failure: Error {
        /// With the system's error number.
        case notOpened(Int32)
        case notRead(Int32)
        case folder
        case device
        /// Neither a file nor a folder nor a device: a pipe.
        case notAFile
        case tooLong(byteCount: Int)
    }

    /// - Parameters:
    ///   - path: the file.
    ///   - kind: what may stand there.
    ///   - limit: how many bytes the file may have.
    ///   - prefix: how many bytes to read at most.
    static func read(
        _ path: String, _ kind: Kind, limit: Int = .max, prefix: Int = .max
    ) throws(Failure) -> [UInt8] {
        // Non-blocking, so that a pipe is refused instead of waited for.
        let waits = kind == .file ? O_NONBLOCK : 0
        let descriptor = SystemCall.repeated { open(path, O_RDONLY | O_CLOEXEC | waits) }
        if descriptor < 0 { throw .notOpened(errno) }
        defer { close(descriptor) }
        var status = stat()
        if fstat(descriptor, &status) != 0 { throw .notRead(errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw .folder
        // Some devices, such as /dev/zero, never end.
        case S_IFCHR: throw .device
        default: if kind == .file { throw .notAFile }
        }
        let size = max(Int(status.st_size), 0)
        if size > limit { throw .tooLong(byteCount: size) }
        // One byte more than the file has, so that the end is detected without growing the array.
        var wanted = min(size + 1, prefix)
        var bytes = try part(of: descriptor, count: wanted)
        // A pipe, whose length nobody knows, or a file that has grown.
        while bytes.count == wanted, wanted < prefix {
            let more = min(max(wanted, 1 << 16), prefix - wanted)
            bytes += try part(of: descriptor, count: more)
            wanted += more
        }
        return bytes
    }

    /// The next bytes, fewer than `count` only where the file ends.
    private static func part(of descriptor: Int32, count wanted: Int) throws(Failure) -> [UInt8] {
        var failure: Failure?
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
            while count < wanted, let base = buffer.baseAddress {
                let received = Foundation.read(descriptor, base + count, wanted - count)
                if received < 0, errno == EINTR { continue }
                if received < 0 { failure = .notRead(errno) }
                if received <= 0 { break }
                count += received
            }
        }
        if let failure { throw failure }
        return bytes
    }
}
