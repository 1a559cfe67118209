import Foundation
import Testing

@testable import Strata

/// Two processes write the same files.
@Suite struct TwoProcessTests {
    private static var folder: String { NSTemporaryDirectory() + "strata-two-\(getuid())" }

    /// Replaces a file, and reads it: it always is one process's or the other's.
    static func replace(with byte: UInt8) throws {
        let path = "\(folder)/shared"
        for _ in 0..<30 {
            try FileContents.write([UInt8](repeating: byte, count: 100_000), to: path)
            let read = try FileContents.read(path)
            #expect(read.count == 100_000 && Set(read).count == 1)
        }
    }

    /// Fetches a set into an empty cache, whose server the file `remote` names.
    static func fetch() throws {
        let address = String(decoding: try FileContents.read("\(folder)/remote"), as: UTF8.self)
        let cache = DatasetCache(
            directory: "\(folder)/cache", mirror: nil,
            output: ProgressOutput(isTerminal: false) { _ in })
        for index in 0..<10 {
            let bytes = contents(index)
            let path = try cache.file(
                "set/\(index)", of: "Set",
                from: RemoteFile(
                    address: "\(address)/\(index)", byteCount: bytes.count,
                    sha256: SHA256.hexadecimal(bytes)))
            #expect(try FileContents.read(path) == bytes)
        }
    }

    private static func contents(_ index: Int) -> [UInt8] {
        [UInt8](repeating: UInt8(index), count: 100_000)
    }

    @Test(.timeLimit(.minutes(10))) func `what two processes write at once stays whole`()
        async throws
    {
        let folder = Self.folder
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = try HTTPStub(
            Dictionary(
                uniqueKeysWithValues: (0..<10).map { ("/\($0)", .init(body: Self.contents($0))) }))
        defer { server.stop() }
        try FileContents.write(Array(server.address.utf8), to: "\(folder)/remote")
        async let first = #expect(processExitsWith: .success) {
            try TwoProcessTests.replace(with: 1)
            try TwoProcessTests.fetch()
        }
        async let second = #expect(processExitsWith: .success) {
            try TwoProcessTests.replace(with: 2)
            try TwoProcessTests.fetch()
        }
        _ = await (first, second)
        let names = FileManager.default.subpaths(atPath: folder) ?? []
        #expect(
            names.sorted()
                == (["cache", "cache/set", "remote", "shared"] + (0..<10).map { "cache/set/\($0)" })
                .sorted())
    }
}
