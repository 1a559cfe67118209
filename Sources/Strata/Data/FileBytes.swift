internal import Foundation

/// Reads and writes whole files, with the system's messages in errors.
enum FileBytes {
    /// Reads a regular file of at most `limit` bytes.
    static func read(_ path: String, limit: Int = .max) throws(DataError) -> [UInt8] {
        try read(path) { size throws(DataError) in
            guard size <= limit else {
                throw .unreadable(
                    file: path,
                    reason: "it has \(size) bytes, where at most \(limit) are sensible")
            }
            return size
        }
    }

    /// Reads the first bytes of a regular file, at most `count`.
    static func start(of path: String, count: Int) throws(DataError) -> [UInt8] {
        try read(path) { min($0, count) }
    }

    /// - Parameter part: the number of bytes to read of a file of a size.
    private static func read(
        _ path: String, _ part: (Int) throws(DataError) -> Int
    ) throws(DataError) -> [UInt8] {
        // Non-blocking, so that a pipe is refused instead of waited for.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(file: path, reason: "it is not a file")
        }
        let size = try part(Int(status.st_size))
        var failure: DataError?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size, let base = buffer.baseAddress {
                let got = Foundation.read(descriptor, base + count, size - count)
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = unreadable(path) }
                if got <= 0 { break }
                count += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes `bytes` to `path` atomically.
    static func write(_ bytes: [UInt8], to path: String) throws(DataError) {
        do throws(FileError) {
            try FileContents.write(bytes, to: path)
        } catch {
            throw .unwritable(path: path, reason: error.message)
        }
    }

    /// Creates a folder and its parents.
    static func makeFolder(_ path: String) throws(DataError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made.hasSuffix("/") ? part : "/\(part)"
            if mkdir(made, 0o755) == 0 { continue }
            let error = failure("cannot be made", made)
            guard isFolder(made) else { throw error }
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The bytes of the file at `path`, or `nil` if there is none.
    static func size(of path: String) -> Int? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    private static func unreadable(_ path: String) -> DataError {
        .unreadable(file: path, reason: String(cString: strerror(errno)))
    }

    /// The system's message for the last failed call that should have written to `path`.
    static func failure(_ what: String, _ path: String) -> DataError {
        .unwritable(path: path, reason: "\(what): \(String(cString: strerror(errno)))")
    }
}
