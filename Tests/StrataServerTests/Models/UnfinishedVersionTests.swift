#if Server
import Foundation
import Logging
import Strata
import StrataTestSupport
import Synchronization
import Testing

@testable import StrataServer

/// What is seen of models, versions and files while they are still written; each look is asked for.
@Suite struct UnfinishedVersionTests {
    /// The messages of a repository, each with its level.
    private final class Log: LogHandler, Sendable {
        private let lines = Mutex<[String]>([])

        var logLevel: Logger.Level {
            get { .info }
            set {}
        }
        var metadata: Logger.Metadata {
            get { [:] }
            set {}
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { nil }
            set {}
        }

        func log(event: LogEvent) {
            lines.withLock { $0.append("\(event.level): \(event.message)") }
        }

        /// The messages since the last time.
        func taken() -> [String] {
            lines.withLock { lines in
                defer { lines = [] }
                return lines
            }
        }
    }

    private let folder: TemporaryFolder
    private let log = Log()
    private let repository: ModelRepository

    /// A repository with version 1 of `digits`, whose bias is 1.
    init() throws {
        folder = try TemporaryFolder()
        try SumModel.write(bias: 1, to: folder.path("digits/1/model.keras"))
        let log = log
        repository = try ModelRepository(
            folder: folder.path, logger: Logger(label: "test") { _ in log })
        #expect(log.taken() == ["info: version 1 of model digits is loaded"])
    }

    /// The bytes of a model's file.
    private func file(bias: Float) throws -> [UInt8] {
        try SumModel.make(bias: bias).kerasFileBytes()
    }

    private func make(_ name: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder.path(name), withIntermediateDirectories: false)
    }

    private func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: folder.path(name))
    }

    /// What the model makes of 1 and 2: its bias and 3.
    private func answer(_ name: String = "digits") async throws -> Float {
        let inputs = [Tensor([1, 2], shape: [1, 2])]
        return try await repository.model(name).infer(inputs)[0].scalars[0]
    }

    private func index(_ version: String) throws -> String {
        let entry = try #require(repository.index().first { $0.version == version })
        return "\(entry.state.rawValue): \(entry.reason)"
    }

    @Test func `a version is waited for without a word until its file is there`() async throws {
        try make("digits/2")
        for _ in 0..<3 { await repository.refresh() }
        // A file has another name while it is written.
        try folder.write(try file(bias: 2), to: "digits/2/.model.keras.0.partial")
        await repository.refresh()
        #expect(log.taken() == [])
        #expect(try await answer() == 4)
        #expect(try index("2") == "UNAVAILABLE: its folder has no .keras file")
        #expect(repository.isReady)
        let (old, new) = ("digits/2/.model.keras.0.partial", "digits/2/model.keras")
        #expect(rename(folder.path(old), folder.path(new)) == 0)
        await repository.refresh()
        #expect(try await answer() == 5)
        #expect(
            log.taken() == [
                "info: version 2 of model digits is loaded",
                "info: version 1 of model digits is unloaded",
            ])
    }

    @Test func `a model is waited for as well`() async throws {
        for name in ["letters", "letters/1"] {
            try make(name)
            await repository.refresh()
            await repository.refresh()
        }
        #expect(log.taken() == [])
        #expect(repository.isReady)
        try folder.write(try file(bias: 5), to: "letters/1/model.keras")
        await repository.refresh()
        #expect(try await answer("letters") == 8)
        #expect(log.taken() == ["info: version 1 of model letters is loaded"])
    }

    @Test func `at the start and when it is to be loaded, a missing file is told`() async throws {
        try make("letters")
        try make("letters/1")
        let error = await #expect(throws: ServingError.self) {
            try await repository.load("letters")
        }
        let reason = "version 1 of model letters: its folder has no .keras file"
        #expect(error?.message == reason)
        let log = Log()
        _ = try ModelRepository(folder: folder.path, logger: Logger(label: "test") { _ in log })
        let line =
            "error: version 1 of model letters cannot be loaded: its folder has no .keras file"
        #expect(log.taken().filter { !$0.hasPrefix("info: ") } == [line])
    }

    @Test func `a file that is written in its place is tried again each time it has grown`()
        async throws
    {
        let whole = try file(bias: 2)
        try make("digits/2")
        for count in [0, 1, whole.count / 2, whole.count - 1] {
            try folder.write(Array(whole.prefix(count)), to: "digits/2/model.keras")
            await repository.refresh()
            #expect(try await answer() == 4)
            #expect(try index("2").hasPrefix("UNAVAILABLE: model.keras: "))
        }
        #expect(log.taken() == [])
        try folder.write(whole, to: "digits/2/model.keras")
        await repository.refresh()
        #expect(try await answer() == 5)
        #expect(log.taken().first == "info: version 2 of model digits is loaded")
    }

    @Test func `a file that stays as it is, and cannot be loaded, is told once`() async throws {
        try folder.write(Array(try file(bias: 2).dropLast()), to: "digits/2/model.keras")
        await repository.refresh()
        #expect(log.taken() == [])
        await repository.refresh()
        let told = log.taken()
        #expect(told.count == 1)
        let start = "error: version 2 of model digits cannot be loaded: model.keras: "
        #expect(told.first?.hasPrefix(start) == true)
        await repository.refresh()
        #expect(log.taken() == [])
    }

    @Test func `a file may stand beside the one that it replaces for a moment`() async throws {
        try folder.write(try file(bias: 7), to: "digits/1/new.keras")
        await repository.refresh()
        #expect(try await answer() == 4)
        try remove("digits/1/model.keras")
        await repository.refresh()
        #expect(try await answer() == 10)
        #expect(log.taken() == ["info: version 1 of model digits is reloaded"])
    }

    /// What is done to version 1, which is served, and what is said of it.
    @Test(arguments: [
        (true, "its folder has no .keras file"),
        (false, "its folder has several .keras files; leave one"),
    ])
    func `what stays wrong with a version that is served is told once`(
        isRemoved: Bool, reason: String
    ) async throws {
        if isRemoved {
            try remove("digits/1/model.keras")
        } else {
            try folder.write([], to: "digits/1/second.keras")
        }
        await repository.refresh()
        #expect(log.taken() == [])
        for _ in 0..<3 { await repository.refresh() }
        #expect(
            log.taken() == [
                "error: version 1 of model digits cannot be loaded: \(reason); the one that was loaded "
                    + "before goes on being served"
            ])
        #expect(try await answer() == 4)
    }

    @Test(.enabled(if: geteuid() != 0, "root may read every file"))
    func `a file is loaded once its permissions allow it, although it is the same`() async throws {
        let path = try folder.write(try file(bias: 2), to: "digits/2/model.keras")
        #expect(chmod(path, 0) == 0)
        for _ in 0..<3 { await repository.refresh() }
        #expect(log.taken().count == 1)
        #expect(try await answer() == 4)
        #expect(chmod(path, 0o600) == 0)
        await repository.refresh()
        #expect(try await answer() == 5)
    }
}
#endif
