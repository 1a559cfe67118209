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
    public var description: String { "\(Explanation(self).facts); \(fix)" }

    /// The file or folder that it is about, if it is about one.
    package var path: String? {
        switch self {
        case .corruptSet(let file, _), .corruptFile(let file, _, _), .corruptImage(let file, _),
            .oversizedImage(let file, _, _, _), .unknownImageFormat(let file, _),
            .unreadable(let file, _):
            file
        case .unwritable(let path, _): path
        case .notAvailable, .unsuitableImage, .invalidArgument, .stopped: nil
        }
    }

    /// The problem, without a path and the fix.
    package var problem: String {
        switch self {
        case .notAvailable(let set, _, let address, _, let cause):
            "\(set) is not in the cache, and downloading \(address) failed: \(cause)"
        case .corruptSet(_, let problem), .corruptFile(_, let problem, _),
            .corruptImage(_, let problem), .unsuitableImage(let problem, _):
            problem
        case .oversizedImage(_, let height, let width, _):
            "\(height) × \(width) pixels are too many"
        case .unknownImageFormat(_, let found): found
        case .unreadable(_, let reason): "cannot be read: \(reason)"
        case .unwritable(_, let reason): reason
        case .invalidArgument(let what, _): what
        case .stopped: "reading was stopped before its end"
        }
    }

    /// What to do.
    package var fix: String {
        switch self {
        case .notAvailable(_, let path, _, let isArchive, _):
            "try again, or fetch that address by hand and "
                + (isArchive ? "unpack it in \(folder(of: path))" : "save it as \(path)")
        case .corruptSet: "delete it, and it is downloaded again"
        case .corruptFile(_, _, let fix), .unsuitableImage(_, let fix),
            .invalidArgument(_, let fix):
            fix
        case .corruptImage: "use a whole PNG or JPEG file"
        case .oversizedImage(_, _, _, let limit): "use a picture of at most \(limit)"
        case .unknownImageFormat: "convert it to PNG or JPEG"
        case .unreadable: "check the path and its permissions"
        case .unwritable: "make room or set KERAS_HOME to a folder that can be written"
        case .stopped: "start it again"
        }
    }

    private func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}
