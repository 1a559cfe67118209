internal import Foundation

/// Calls of the system that a signal may interrupt.
package enum SystemCall {
    /// The result of `call`, which is made again as long as a signal interrupts it.
    package static func repeated(_ call: () -> Int32) -> Int32 {
        while true {
            let result = call()
            if result != -1 || errno != EINTR { return result }
        }
    }

    /// Closes a file that was written to, which is when network file systems report some errors.
    ///
    /// An interrupted call is not repeated: Linux has closed the file then, and another thread may
    /// have opened one of the same number.
    static func isClosed(_ descriptor: Int32) -> Bool { close(descriptor) == 0 || errno == EINTR }

    /// Has the names in the folder of `path` written to the disk; without this a new name may be lost
    /// when the power fails.
    ///
    /// - Returns: the system's error number; `nil` too where the file system cannot do this for
    ///   folders, or the folder may be written to, but not read.
    static func syncFolder(of path: String) -> Int32? {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = repeated { open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        if descriptor < 0 { return errno == EACCES ? nil : errno }
        defer { close(descriptor) }
        guard repeated({ fsync(descriptor) }) != 0 else { return nil }
        return [EIO, ENOSPC, EDQUOT].contains(errno) ? errno : nil
    }
}
