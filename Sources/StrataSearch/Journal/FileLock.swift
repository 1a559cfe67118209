internal import Foundation
internal import Strata

/// An exclusive lock on a file, held until this object is released.
///
/// The system releases it too when the process ends, however that happens.
final class FileLock {
    private let descriptor: Int32
    private let path: String

    private init(_ descriptor: Int32, _ path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Waits for the lock of a file, which is created if it is missing.
    ///
    /// - Throws: a `FileError` if the file cannot be opened or locked.
    static func wait(for path: String) throws(FileError) -> FileLock {
        while true {
            let lock = FileLock(try open(path), path)
            if SystemCall.repeated({ flock(lock.descriptor, LOCK_EX) }) != 0 {
                let code = errno
                throw FileError(
                    "cannot be locked: \(String(cString: strerror(code)))", path: path,
                    fix: "put the search into a folder whose file system has locks",
                    cause: .unwritable)
            }
            // Whoever held the lock before may have removed the file.
            if lock.isOfThePath { return lock }
        }
    }

    /// The lock of a file, unless someone else holds it.
    ///
    /// - Returns: `nil` if another process, or another object of this one, holds it.
    /// - Throws: a `FileError` if the file cannot be opened.
    static func attempt(_ path: String) throws(FileError) -> FileLock? {
        let lock = FileLock(try open(path), path)
        let isTaken = SystemCall.repeated { flock(lock.descriptor, LOCK_EX | LOCK_NB) } == 0
        return isTaken && lock.isOfThePath ? lock : nil
    }

    /// Removes the file, while nobody else can take the lock.
    func removeFile() { unlink(path) }

    deinit { close(descriptor) }

    /// Whether the file is still the one at its path.
    private var isOfThePath: Bool {
        var (opened, there) = (stat(), stat())
        return fstat(descriptor, &opened) == 0 && stat(path, &there) == 0
            && opened.st_ino == there.st_ino && opened.st_dev == there.st_dev
    }

    private static func open(_ path: String) throws(FileError) -> Int32 {
        let descriptor = SystemCall.repeated {
            Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        }
        if descriptor >= 0 { return descriptor }
        throw FileError(
            "cannot be written: \(String(cString: strerror(errno)))", path: path,
            fix: "use a folder that you may write to", cause: .unwritable)
    }
}
