import Foundation
import StrataTestSupport
import Testing

@testable import Strata

@Suite(.timeLimit(.minutes(10))) struct DatasetCacheTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func cache(mirror: String? = nil) -> DatasetCache {
        DatasetCache(
            directory: folder.path, mirror: mirror,
            output: ProgressOutput(isTerminal: false) { _ in })
    }

    private func remote(_ address: String, _ bytes: [UInt8]) -> RemoteFile {
        RemoteFile(address: address, byteCount: bytes.count, sha256: SHA256.hexadecimal(bytes))
    }

    @Test func `the cache is Keras's own`() {
        #expect(
            DatasetCache.standardDirectory(["KERAS_HOME": "/data/keras", "HOME": "/home/ann"])
                == "/data/keras/datasets")
        #expect(
            DatasetCache.standardDirectory(["HOME": "/home/ann"]) == "/home/ann/.keras/datasets")
        #expect(
            DatasetCache.standardDirectory(["KERAS_HOME": "", "HOME": "/home/ann"])
                == "/home/ann/.keras/datasets")
    }

    @Test func `a file is fetched once`() throws {
        let server = try HTTPStub(["/a.gz": .init(body: [1, 2, 3])])
        defer { server.stop() }
        let file = remote("\(server.address)/a.gz", [1, 2, 3])
        for _ in 0..<2 {
            let path = try cache().file("set/a.gz", of: "Set", from: file)
            #expect(path == "\(folder.path)/set/a.gz")
            #expect(folder.files == ["set/a.gz"])
            #expect(try folder.read("set/a.gz") == [1, 2, 3])
        }
        #expect(server.requests.count == 1)
    }

    static let failures: [(answer: HTTPStub.Answer, cause: DownloadFailure)] = [
        (
            .init(status: "500 Internal Server Error", body: Array("out of order".utf8)),
            .refused(status: 500, reason: "Internal Server Error", body: "out of order")
        ),
        (.init(body: [1, 2, 3], cutAfter: 2), .cutShort(received: 2, expected: 3)),
        (.init(body: [1, 2, 3, 4]), .tooLong(expected: 3)),
        (
            .init(body: [1, 2, 4]),
            .wrongChecksum(
                expected: SHA256.hexadecimal([1, 2, 3]), found: SHA256.hexadecimal([1, 2, 4]))
        ),
    ]

    @Test(arguments: failures.indices)
    func `a download that fails leaves no file behind`(_ index: Int) throws {
        let server = try HTTPStub(["/a.gz": DatasetCacheTests.failures[index].answer])
        defer { server.stop() }
        let file = remote("\(server.address)/a.gz", [1, 2, 3])
        #expect(
            throws: DataError.notAvailable(
                set: "Set", path: "\(folder.path)/set/a.gz", address: file.address,
                isArchive: false, cause: DatasetCacheTests.failures[index].cause)
        ) {
            try cache().file("set/a.gz", of: "Set", from: file)
        }
        #expect(folder.files == [])
    }

    private static let archive = tarGzip([
        tarEntry("set/", [], type: "5"), tarEntry("set/a.bin", [1, 2]),
        tarEntry("set/readme", [3]), tarEntry("set/b.bin", [4, 5, 6]),
    ])

    @Test func `an archive is fetched once and its files kept`() throws {
        let server = try HTTPStub(["/set.tar.gz": .init(body: DatasetCacheTests.archive)])
        defer { server.stop() }
        for _ in 0..<2 {
            let path = try cache().folder(
                "set", holding: ["set/a.bin": 2, "set/b.bin": 3], of: "Set",
                from: remote("\(server.address)/set.tar.gz", DatasetCacheTests.archive))
            #expect(path == "\(folder.path)/set")
            #expect(folder.files == ["set/a.bin", "set/b.bin"])
            #expect(try folder.read("set/b.bin") == [4, 5, 6])
        }
        #expect(server.requests.count == 1)
    }

    @Test func `an archive that does not hold what it should leaves nothing behind`() throws {
        let server = try HTTPStub(["/set.tar.gz": .init(body: DatasetCacheTests.archive)])
        defer { server.stop() }
        #expect(
            throws: DataError.corruptSet(
                file: "\(server.address)/set.tar.gz", problem: "it does not hold set/c.bin")
        ) {
            try cache().folder(
                "set", holding: ["set/a.bin": 2, "set/c.bin": 3], of: "Set",
                from: remote("\(server.address)/set.tar.gz", DatasetCacheTests.archive))
        }
        #expect(folder.files == [])
    }

    @Test func `a place that cannot be written is reported before anything is fetched`() throws {
        let server = try HTTPStub(["/a.gz": .init(body: [1])])
        defer { server.stop() }
        try folder.write([0], to: "set")
        let error = #expect(throws: DataError.self) {
            try cache().file("set/a.gz", of: "Set", from: remote("\(server.address)/a.gz", [1]))
        }
        #expect(
            error?.description
                == "\(folder.path)/set: cannot be made: File exists; "
                + "make room or set KERAS_HOME to a folder that can be written")
        #expect(server.requests.isEmpty)
    }

    @Test func `a full disk is reported`() throws {
        let server = try HTTPStub(["/a.gz": .init(body: [1])])
        defer { server.stop() }
        // Linux's device that is always full, in the file's place.
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/a.gz", withDestinationPath: "/dev/full")
        let error = #expect(throws: DataError.self) {
            try cache().file("a.gz", of: "Set", from: remote("\(server.address)/a.gz", [1]))
        }
        #expect(
            error?.description
                == "\(folder.path)/a.gz: cannot be written: no space left on device; "
                + "make room or set KERAS_HOME to a folder that can be written")
    }

    @Test(.enabled(if: getuid() != 0, "root may write anywhere"))
    func `a folder that may not be written to is reported before anything is fetched`() throws {
        let server = try HTTPStub(["/a.gz": .init(body: [1])])
        defer { server.stop() }
        chmod(folder.path, 0o555)
        defer { chmod(folder.path, 0o755) }
        #expect(
            throws: DataError.unwritable(
                path: folder.path, reason: "cannot be written to: Permission denied")
        ) {
            try cache().file("a.gz", of: "Set", from: remote("\(server.address)/a.gz", [1]))
        }
        #expect(server.requests.isEmpty)
    }

    @Test(arguments: ["/dev/zero", "/dev"])
    func `what is no file is not read`(_ path: String) {
        #expect(throws: DataError.unreadable(file: path, reason: "it is not a file")) {
            try DataFile.read(path)
        }
    }
}
