internal import Foundation

/// Reads and writes files of data sets and images, with the errors of data.
enum DataFile {
    /// Reads a regular file of at most `limit` bytes.
    static func read(_ path: String, limit: Int = .max) throws(DataError) -> [UInt8] {
        do throws(FileReader.Failure) {
            return try FileReader.read(path, .file, limit: limit)
        } catch {
            throw unreadable(path, error, limit: limit)
        }
    }

    /// Reads the first bytes of a regular file, at most `count`.
    static func start(of path: String, count: Int) throws(DataError) -> [UInt8] {
        do throws(FileReader.Failure) {
            return try FileReader.read(path, .file, prefix: count)
        } catch {
            throw unreadable(path, error, limit: .max)
        }
    }

    private static func unreadable(
        _ path: String, _ failure: FileReader.Failure, limit: Int
    ) -> DataError {
        let reason =
            switch failure {
            case .notOpened(let code), .notRead(let code): String(cString: strerror(code))
            case .folder, .device, .notAFile: "it is not a file"
            case .tooLong(let count):
                "it has \(count) bytes, where at most \(limit) are sensible"
            }
        return .unreadable(file: path, reason: reason)
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
        if let (folder, code) = FileContents.makeFolder(path) {
            throw failure("cannot be made", folder, code)
        }
    }

    /// The system's message for a failed call that should have written to `path`, by default the last one.
    static func failure(_ what: String, _ path: String, _ code: Int32 = errno) -> DataError {
        .unwritable(path: path, reason: "\(what): \(String(cString: strerror(code)))")
    }
}
