import Foundation
import Testing

@testable import Strata

@Suite struct FileContentsTests {
    /// A folder of its own for each test, removed afterwards.
    func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "strata-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test(arguments: [0, 1, 100_000])
    func `what is written is read back`(count: Int) throws {
        try withFolder { folder in
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            try FileContents.write(bytes, to: "\(folder)/a")
            #expect(try FileContents.read("\(folder)/a") == bytes)
            #expect(try names(folder) == ["a"])
        }
    }

    @Test func `a file that is replaced keeps its permissions, and a link leads where it did`()
        throws
    {
        try withFolder { folder in
            try FileContents.write([1], to: "\(folder)/a")
            chmod("\(folder)/a", 0o640)
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/link", withDestinationPath: "a")
            try FileContents.write([2], to: "\(folder)/link")
            #expect(try FileContents.read("\(folder)/a") == [2])
            var status = stat()
            #expect(lstat("\(folder)/a", &status) == 0)
            #expect(status.st_mode & 0o777 == 0o640)
            #expect(lstat("\(folder)/link", &status) == 0)
            #expect(status.st_mode & S_IFMT == S_IFLNK)
        }
    }

    @Test func `a folder that does not exist is named with a cure`() {
        let thrown = #expect(throws: FileError.self) {
            try FileContents.write([1], to: "/no/such/folder/a.keras")
        }
        #expect(
            thrown?.description
                == "/no/such/folder/a.keras: cannot be written: no such file or directory; "
                + "its folder must exist")
    }

    @Test func `a file that does not exist is an error`() {
        let thrown = #expect(throws: FileError.self) { try FileContents.read("/no/such/a") }
        #expect(
            thrown?.description
                == "/no/such/a: cannot be opened: no such file or directory")
    }

    @Test func `a device that never ends is refused, not read`() {
        let thrown = #expect(throws: FileError.self) { try FileContents.read("/dev/zero") }
        #expect(thrown?.description == "/dev/zero: is a device, not a file")
    }

    @Test func `a folder in the place of a file is an error`() throws {
        try withFolder { folder in
            var thrown = #expect(throws: FileError.self) { try FileContents.read(folder) }
            #expect(thrown?.description == "\(folder): is a folder, not a file")
            thrown = #expect(throws: FileError.self) { try FileContents.write([1], to: folder) }
            #expect(thrown?.description == "\(folder): is a folder; name a file in it")
        }
    }

    @Test func `a full disk is an error`() {
        let thrown = #expect(throws: FileError.self) {
            try FileContents.write([1, 2, 3], to: "/dev/full")
        }
        #expect(
            thrown?.description
                == "/dev/full: cannot be written: no space left on device; "
                + "free some space, or save elsewhere")
    }

    @Test(.enabled(if: getuid() != 0, "root may write everywhere"))
    func `a folder that is read-only is an error`() throws {
        try withFolder { folder in
            chmod(folder, 0o555)
            defer { chmod(folder, 0o755) }
            let thrown = #expect(throws: FileError.self) {
                try FileContents.write([1], to: "\(folder)/a")
            }
            #expect(
                thrown?.description
                    == "\(folder)/a: cannot be written: permission denied; "
                    + "use a folder that you may write to")
        }
    }

    @Test func `a write that fails half-way leaves the old file, and nothing else`() async {
        await #expect(processExitsWith: .success) {
            let folder = FileManager.default.temporaryDirectory
                .appending(path: "strata-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let path = folder.appending(path: "a").path
            try FileContents.write([1, 2, 3], to: path)
            // No file of this process may grow beyond 4 KiB: the write fails in its middle.
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let error = #expect(throws: FileError.self) {
                try FileContents.write([UInt8](repeating: 9, count: 10_000), to: path)
            }
            #expect(error?.description == "\(path): cannot be written: file too large")
            #expect(try FileContents.read(path) == [1, 2, 3])
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names == ["a"])
        }
    }

    @Test func `a process that is killed while it writes leaves the old file`() async throws {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "strata-killed-\(getuid())").path
        try FileContents.write([1, 2, 3], to: path)
        defer { unlink(path) }
        await #expect(processExitsWith: .signal(SIGXFSZ)) {
            let path = FileManager.default.temporaryDirectory
                .appending(path: "strata-killed-\(getuid())").path
            // Threads of a pool block signals.
            var signals = sigset_t()
            sigemptyset(&signals)
            sigaddset(&signals, SIGXFSZ)
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            signal(SIGXFSZ, SIG_DFL)
            var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            try FileContents.write([UInt8](repeating: 9, count: 10_000), to: path)
        }
        #expect(try FileContents.read(path) == [1, 2, 3])
        // What the killed process left beside it.
        let folder = FileManager.default.temporaryDirectory.path
        for name in try names(folder) where name.hasPrefix(".strata-killed-") {
            unlink("\(folder)/\(name)")
        }
    }
}
