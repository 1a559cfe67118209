import Foundation
import Testing

@testable import Strata

@Suite(.timeLimit(.minutes(1))) struct DatasetCacheTests {
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
                == "\(folder.path)/set cannot be written: File exists; "
                + "make room or set KERAS_HOME to a folder that can be written")
        #expect(server.requests.isEmpty)
    }

    @Test func `a full disk is reported and leaves no part of a file`() throws {
        // Linux's device that is always full, reached through a link in the partial file's place.
        let path = "\(folder.path)/a.gz"
        try FileManager.default.createSymbolicLink(
            atPath: "\(path).partial-\(getpid())", withDestinationPath: "/dev/full")
        #expect(
            throws: DataError.unwritable(path: path, reason: "No space left on device")
        ) {
            try FileBytes.write([1, 2, 3], to: path)
        }
        #expect(folder.files == [])
    }

    @Test func `writing over a file is done at once or not at all`() throws {
        let path = try folder.write([1, 2, 3], to: "a.gz")
        try FileBytes.write([4, 5], to: path)
        #expect(try FileBytes.read(path) == [4, 5])
        #expect(folder.files == ["a.gz"])
    }

    @Test(arguments: ["/dev/zero", "/dev"])
    func `what is no file is not read`(_ path: String) {
        #expect(throws: DataError.unreadable(file: path, reason: "it is not a file")) {
            try FileBytes.read(path)
        }
    }
}
