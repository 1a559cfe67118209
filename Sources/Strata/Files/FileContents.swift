internal import Foundation

/// Reads and writes whole files; a failure never leaves a broken file behind.
package enum FileContents {
    package static func read(_ path: String) throws(FileError) -> [UInt8] {
        do throws(FileReader.Failure) {
            return try FileReader.read(path, .fileOrPipe)
        } catch {
            switch error {
            case .notOpened(let code): throw failure("cannot be opened", path, code)
            case .notRead(let code): throw failure("cannot be read", path, code)
            case .folder: throw FileError("is a folder, not a file", path: path)
            case .device: throw FileError("is a device, not a file", path: path)
            case .notAFile: throw FileError("is not a file", path: path)
            case .tooLong(let count): throw FileError("has \(count) bytes, too many", path: path)
            }
        }
    }

    /// The bytes of the file at `path`, or `nil` if there is none.
    ///
    /// - Throws: if there is one that cannot be read.
    package static func readIfPresent(_ path: String) throws(FileError) -> [UInt8]? {
        size(of: path) == nil ? nil : try read(path)
    }

    /// The size of the file at `path` in bytes, or `nil` if there is none.
    package static func size(of path: String) -> Int? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Creates a folder and its parents.
    ///
    /// - Returns: `nil` if it exists now, else the folder that cannot be created and the system's error number.
    package static func makeFolder(_ path: String) -> (path: String, code: Int32)? {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made.hasSuffix("/") ? part : "/\(part)"
            guard let code = makeNewFolder(made) else { continue }
            if !isFolder(made) { return (made, code) }
        }
        return nil
    }

    /// Creates a folder that must not exist, in one that does.
    ///
    /// - Returns: the system's error number, or `nil` if it was created.
    package static func makeNewFolder(_ path: String) -> Int32? {
        if SystemCall.repeated({ mkdir(path, 0o755) }) != 0 { return errno }
        guard let code = SystemCall.syncFolder(of: path) else { return nil }
        // The next attempt is to see whether its name is on the disk.
        rmdir(path)
        return code
    }

    /// Creates a folder and its parents.
    ///
    /// - Parameter fix: the fix in the error.
    /// - Throws: a `FileError` if that is not possible.
    package static func createFolder(_ path: String, fix: String) throws(FileError) {
        guard let (path, code) = makeFolder(path) else { return }
        throw FileError(
            "the folder cannot be made: \(String(cString: strerror(code)))", path: path, fix: fix,
            cause: .unwritable)
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// - Throws: if a file of that name would be replaced.
    static func checkIsFree(_ path: String) throws(FileError) {
        var status = stat()
        if lstat(path, &status) == 0 {
            throw FileError(
                "already exists", path: path,
                cure: .init("use another name", call: "overwrite: true"),
                cause: .unwritable)
        }
    }

    /// Replaces the file at `path` with `bytes`, or fails and leaves the old file.
    ///
    /// The bytes are first written to a temporary file beside it, which is renamed once it is on
    /// the disk. A device or a pipe is written directly, as it cannot be replaced.
    package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        // A link stays a link: its target is replaced.
        let target = realPath(path) ?? path
        var status = stat()
        let exists = stat(target, &status) == 0
        if exists, status.st_mode & S_IFMT == S_IFDIR {
            throw FileError(
                "is a folder", path: path, fix: "name a file in it", cause: .unwritable)
        }
        if exists, status.st_mode & S_IFMT != S_IFREG {
            let descriptor = SystemCall.repeated { open(target, O_WRONLY | O_CLOEXEC) }
            if descriptor < 0 { throw failure(unwritable, path) }
            defer { close(descriptor) }
            var written = 0
            return try fill(descriptor, with: bytes, path, &written)
        }
        try replace(target, with: bytes, mode: exists ? status.st_mode & 0o7777 : nil, path)
    }

    /// Appends `bytes` to the file at `path`, which is created if it is missing.
    ///
    /// What was appended before a failure is cut off again. A kill, or the power, may leave a part.
    ///
    /// - Parameter syncs: whether to wait until the bytes are on the disk.
    package static func append(
        _ bytes: [UInt8], to path: String, syncs: Bool = true
    ) throws(FileError) {
        let descriptor = SystemCall.repeated {
            open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        }
        if descriptor < 0 { throw failure(unwritable, path) }
        var (written, end) = (0, 0)
        do throws(FileError) {
            do throws(FileError) {
                defer { end = Int(lseek(descriptor, 0, SEEK_CUR)) }
                try fill(descriptor, with: bytes, path, &written)
                if syncs, SystemCall.repeated({ fsync(descriptor) }) != 0, errno != EINVAL {
                    throw failure(unwritable, path)
                }
            } catch {
                close(descriptor)
                throw error
            }
            if !SystemCall.isClosed(descriptor) { throw failure(unwritable, path) }
            if syncs, end == written { try syncFolder(of: path, path) }
        } catch {
            // Unless others have appended since.
            if written > 0, size(of: path) == end {
                try? truncate(path, to: end - written)
            }
            throw error
        }
    }

    /// Cuts off what the file at `path` has behind its first bytes.
    package static func truncate(_ path: String, to count: Int) throws(FileError) {
        if SystemCall.repeated({ Foundation.truncate(path, off_t(count)) }) != 0 {
            throw failure(unwritable, path)
        }
    }

    /// Removes the file at `path`, if there is one.
    package static func remove(_ path: String) throws(FileError) {
        if unlink(path) != 0, errno != ENOENT { throw failure(unremovable, path) }
    }

    /// Gives the file at `path` another name, in place of a file that has it.
    package static func rename(_ path: String, to target: String) throws(FileError) {
        if SystemCall.repeated({ Foundation.rename(path, target) }) != 0 {
            throw failure(unwritable, target)
        }
        try syncFolder(of: target, target)
    }

    /// Gives the file at `path` a second name, in place of a file that has it: a link where the file
    /// system has them, else a copy.
    package static func keep(_ path: String, as target: String) throws(FileError) {
        let temporary = temporaryPath(for: target)
        guard SystemCall.repeated({ link(path, temporary) }) == 0 else {
            return try write(try read(path), to: target)
        }
        // Renaming does nothing where both are the same file already.
        defer { unlink(temporary) }
        try rename(temporary, to: target)
    }

    private static func replace(
        _ target: String, with bytes: [UInt8], mode: mode_t?, _ path: String
    ) throws(FileError) {
        let temporary = temporaryPath(for: target)
        let descriptor = SystemCall.repeated {
            open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        }
        if descriptor < 0 { throw failure(unwritable, path) }
        do throws(FileError) {
            do throws(FileError) {
                if let mode { fchmod(descriptor, mode) }
                var written = 0
                try fill(descriptor, with: bytes, path, &written)
                if SystemCall.repeated({ fsync(descriptor) }) != 0 {
                    throw failure(unwritable, path)
                }
            } catch {
                close(descriptor)
                throw error
            }
            if !SystemCall.isClosed(descriptor) { throw failure(unwritable, path) }
            if SystemCall.repeated({ Foundation.rename(temporary, target) }) != 0 {
                throw failure(unwritable, path)
            }
        } catch {
            unlink(temporary)
            throw error
        }
        try syncFolder(of: target, path)
    }

    /// The name of a file in the same folder that nothing has yet.
    private static func temporaryPath(for target: String) -> String {
        let name = target.split(separator: "/").last.map(String.init) ?? "model"
        let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
        // Names may have 255 bytes at most; the kept part leaves space for the rest.
        return "\(parent(of: target))/.\(name.prefix(48)).\(suffix).partial"
    }

    private static func syncFolder(of target: String, _ path: String) throws(FileError) {
        if let code = SystemCall.syncFolder(of: target) { throw failure(unwritable, path, code) }
    }

    /// - Parameter written: the number of bytes that were written, whether all are or not.
    private static func fill(
        _ descriptor: Int32, with bytes: [UInt8], _ path: String, _ written: inout Int
    ) throws(FileError) {
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Foundation.write(
                    descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(unwritable, path)
            }
            written += count
        }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "" : String(path[..<slash])
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static let unwritable = "cannot be written"
    private static let unremovable = "cannot be removed"

    /// The system's message for a failed call, by default the last one.
    private static func failure(
        _ what: String, _ path: String, _ code: Int32 = errno
    ) -> FileError {
        let isChange = what == unwritable || what == unremovable
        let fix: String? =
            switch code {
            case ENOENT where what == unwritable: "its folder must exist"
            case ENOSPC, EDQUOT: "free some space, or save elsewhere"
            case EACCES, EPERM, EROFS:
                isChange
                    ? "use a folder that you may write to"
                    : "check the permissions of the file and of its folders"
            default: nil
            }
        let reason = String(cString: strerror(code)).lowercased()
        return FileError(
            "\(what): \(reason)", path: path, fix: fix,
            cause: isChange ? .unwritable : .unreadable)
    }
}
