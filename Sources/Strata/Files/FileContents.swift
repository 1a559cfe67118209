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
            if mkdir(made, 0o755) == 0 { continue }
            let code = errno
            if !isFolder(made) { return (made, code) }
        }
        return nil
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
                "already exists", path: path, fix: "use another name, or overwrite: true",
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
            let descriptor = open(target, O_WRONLY | O_CLOEXEC)
            if descriptor < 0 { throw failure(unwritable, path) }
            defer { close(descriptor) }
            return try fill(descriptor, with: bytes, path)
        }
        try replace(target, with: bytes, mode: exists ? status.st_mode & 0o7777 : nil, path)
    }

    /// Appends `bytes` to the file at `path`, which is created if it is missing.
    package static func append(_ bytes: [UInt8], to path: String) throws(FileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        if descriptor < 0 { throw failure(unwritable, path) }
        defer { close(descriptor) }
        try fill(descriptor, with: bytes, path)
    }

    private static func replace(
        _ target: String, with bytes: [UInt8], mode: mode_t?, _ path: String
    ) throws(FileError) {
        let folder = parent(of: target)
        let name = target.split(separator: "/").last.map(String.init) ?? "model"
        let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
        // Names may have 255 bytes at most; the kept part leaves space for the rest.
        let temporary = "\(folder)/.\(name.prefix(48)).\(suffix).partial"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        if descriptor < 0 { throw failure(unwritable, path) }
        do throws(FileError) {
            do throws(FileError) {
                if let mode { fchmod(descriptor, mode) }
                try fill(descriptor, with: bytes, path)
                if fsync(descriptor) != 0 { throw failure(unwritable, path) }
            } catch {
                close(descriptor)
                throw error
            }
            // Network file systems report some errors only here.
            if close(descriptor) != 0 { throw failure(unwritable, path) }
            if rename(temporary, target) != 0 { throw failure(unwritable, path) }
        } catch {
            unlink(temporary)
            throw error
        }
        syncFolder(folder)
    }

    /// Without this the rename may be lost when the power fails; file systems that cannot sync
    /// folders return an error, which is ignored.
    private static func syncFolder(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func fill(
        _ descriptor: Int32, with bytes: [UInt8], _ path: String
    ) throws(FileError) {
        var written = 0
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

    /// The system's message for a failed call, by default the last one.
    private static func failure(
        _ what: String, _ path: String, _ code: Int32 = errno
    ) -> FileError {
        let fix: String? =
            switch code {
            case ENOENT where what == unwritable: "its folder must exist"
            case ENOSPC, EDQUOT: "free some space, or save elsewhere"
            case EACCES, EPERM, EROFS:
                what == unwritable
                    ? "use a folder that you may write to"
                    : "check the permissions of the file and of its folders"
            default: nil
            }
        let reason = String(cString: strerror(code)).lowercased()
        return FileError(
            "\(what): \(reason)", path: path, fix: fix,
            cause: what == unwritable ? .unwritable : .unreadable)
    }
}
