/// An error of a data set or an image: the facts, and in `description` one line with a fix.
public enum DataError: Error, Hashable, Sendable {
    /// A set is not in the cache at `path`, and fetching `address` failed.
    ///
    /// `isArchive` is whether the address is an archive that must be unpacked.
    case notAvailable(
        set: String, path: String, address: String, isArchive: Bool, cause: DownloadFailure)
    /// An invalid file in the cache.
    case corruptSet(file: String, problem: String)
    /// An invalid file of the user.
    case corruptFile(file: String, problem: String, fix: String)
    /// An image that cannot be decoded.
    case corruptImage(file: String, problem: String)
    /// An image of more than `limit` pixels.
    case oversizedImage(file: String, height: Int, width: Int, limit: Int)
    /// A file of an unsupported format.
    case unknownImageFormat(file: String, found: String)
    /// A tensor that is not an image of the required kind.
    case unsuitableImage(problem: String, fix: String)
    /// An unreadable file.
    case unreadable(file: String, reason: String)
    /// A path that is not writable.
    case unwritable(path: String, reason: String)
    /// An argument out of range.
    case invalidArgument(String, fix: String)
    /// Reading was stopped before its end.
    case stopped
}

/// The cause of a failed download.
public enum DownloadFailure: Error, Hashable, Sendable {
    /// No server answered.
    case noConnection(reason: String)
    /// The server answered with an error; `body` is the start of its message.
    case refused(status: Int, reason: String, body: String)
    /// The connection ended before the file did.
    case cutShort(received: Int, expected: Int)
    /// More bytes came than the file has.
    case tooLong(expected: Int)
    /// All bytes came, but with another checksum.
    case wrongChecksum(expected: String, found: String)
}

extension DownloadFailure: CustomStringConvertible {
    /// The cause, as the end of a sentence.
    public var description: String {
        switch self {
        case .noConnection(let reason): "no connection (\(reason))"
        case .refused(let status, let reason, let body):
            "the server answered \(status) \(reason)" + (body.isEmpty ? "" : ", \"\(body)\"")
        case .cutShort(let received, let expected):
            "the connection ended after \(received) of \(expected) bytes"
        case .tooLong(let expected):
            "the server sent more than the \(expected) bytes that the file should have"
        case .wrongChecksum(let expected, let found):
            "the downloaded bytes have the SHA-256 \(found) instead of \(expected)"
        }
    }
}

extension DataError: CustomStringConvertible {
    /// One line: the place, the problem, and the fix.
    public var description: String {
        switch self {
        case .notAvailable(let set, let path, let address, let isArchive, let cause):
            "\(set) is not at \(path), and downloading \(address) failed: \(cause); try again, or "
                + (isArchive
                    ? "fetch that address by hand and unpack it in \(folder(of: path))"
                    : "fetch that address by hand and save it under that path")
        case .corruptSet(let file, let problem):
            "\(file): \(problem); delete it, and it is downloaded again"
        case .corruptFile(let file, let problem, let fix): "\(file): \(problem); \(fix)"
        case .corruptImage(let file, let problem):
            "\(file): \(problem); use a whole PNG or JPEG file"
        case .oversizedImage(let file, let height, let width, let limit):
            "\(file): \(height) × \(width) pixels are too many; use a picture of at most \(limit)"
        case .unknownImageFormat(let file, let found):
            "\(file): \(found); convert it to PNG or JPEG"
        case .unsuitableImage(let problem, let fix): "\(problem); \(fix)"
        case .unreadable(let file, let reason):
            "\(file) cannot be read: \(reason); check the path and its permissions"
        case .unwritable(let path, let reason):
            "\(path): \(reason); "
                + "make room or set KERAS_HOME to a folder that can be written"
        case .invalidArgument(let what, let fix): "\(what); \(fix)"
        case .stopped: "reading was stopped before its end; start it again"
        }
    }
    private func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}
