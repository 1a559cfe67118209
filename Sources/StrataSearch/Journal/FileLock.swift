internal import Foundation
internal import Strata

/// An exclusive lock on a file, held until this object is released.
///
/// The system releases it too when the process ends, however that happens.
final class FileLock {
    private let descriptor: Int32

    /// Waits for the lock of a file, which is created if it is missing.
    ///
    /// - Throws: a `FileError` if the file cannot be opened or locked.
    init(waitingFor path: String) throws(FileError) {
        descriptor = try Self.open(path)
        while flock(descriptor, LOCK_EX) != 0 {
            let code = errno
            if code == EINTR { continue }
            close(descriptor)
            throw FileError(
                "cannot be locked: \(String(cString: strerror(code)))", path: path,
                fix: "put the search into a folder whose file system has locks", cause: .unwritable)
        }
    }

    /// The lock of a file, unless someone else holds it.
    ///
    /// - Returns: `nil` if another process, or another object of this one, holds it.
    /// - Throws: a `FileError` if the file cannot be opened.
    init?(of path: String) throws(FileError) {
        descriptor = try Self.open(path)
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
        close(descriptor)
        return nil
    }

    deinit { close(descriptor) }

    private static func open(_ path: String) throws(FileError) -> Int32 {
        let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        if descriptor >= 0 { return descriptor }
        throw FileError(
            "cannot be written: \(String(cString: strerror(errno)))", path: path,
            fix: "use a folder that you may write to", cause: .unwritable)
    }
}
