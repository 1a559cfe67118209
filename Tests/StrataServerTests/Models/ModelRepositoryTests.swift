#if Server
import Foundation
import Strata
import StrataTestSupport
import Testing

@testable import StrataServer

@Suite struct ModelRepositoryTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// What the model makes of 1 and 2: its bias and 3.
    private func answer(
        _ repository: ModelRepository, _ name: String = "digits", version: String? = nil
    ) async throws -> [Float] {
        let model = try repository.model(name, version: version)
        return try await model.infer([Tensor([1, 2], shape: [1, 2])])[0].scalars
    }

    private func write(_ bias: Float, _ name: String) throws {
        try SumModel.write(bias: bias, to: folder.path(name))
    }

    private func index(_ repository: ModelRepository) -> [String] {
        repository.index().map {
            "\($0.name)/\($0.version) \($0.state.rawValue)"
                + ($0.reason.isEmpty ? "" : ": \($0.reason)")
        }
    }

    @Test(arguments: [
        (VersionPolicy.latest(1), ["10"]), (.latest(2), ["9", "10"]), (.all, ["1", "9", "10"]),
        (.specific(["1", "9", "11"]), ["1", "9"]),
    ])
    func `a policy says which versions are served`(policy: VersionPolicy, versions: [String])
        async throws
    {
        for version in [1, 9, 10] { try write(Float(version), "digits/\(version)/model.keras") }
        let repository = try ModelRepository(folder: folder.path, versions: policy)
        #expect(try repository.versions(of: "digits").map(\.version) == versions)
        #expect(try await answer(repository) == [(Float(versions.last ?? "") ?? 0) + 3])
        for version in versions {
            #expect(try await answer(repository, version: version) == [(Float(version) ?? 0) + 3])
        }
    }

    @Test func `a newer version takes the place of the older one, and back`() async throws {
        try write(1, "digits/1/model.keras")
        let repository = try ModelRepository(folder: folder.path)
        let old = try repository.model("digits")
        try write(2, "digits/2/model.keras")
        await repository.refresh()
        #expect(index(repository) == ["digits/2 READY"])
        #expect(try await answer(repository) == [5])
        // A request that had found the old one is still answered by it.
        #expect(try await old.infer([Tensor([1, 2], shape: [1, 2])])[0].scalars == [4])
        try FileManager.default.removeItem(atPath: folder.path("digits/2"))
        await repository.refresh()
        #expect(index(repository) == ["digits/1 READY"])
    }

    @Test func `a changed file is loaded anew, an unchanged one is not`() async throws {
        try write(1, "digits/1/model.keras")
        let repository = try ModelRepository(folder: folder.path)
        let first = try repository.model("digits")
        await repository.refresh()
        #expect(try repository.model("digits") === first)
        try write(7, "digits/1/model.keras")
        await repository.refresh()
        #expect(try repository.model("digits") !== first)
        #expect(try await answer(repository) == [10])
    }

    @Test func `a broken file leaves the old one serving and says why`() async throws {
        try write(1, "digits/1/model.keras")
        let repository = try ModelRepository(folder: folder.path)
        try Data("PK no".utf8).write(to: URL(fileURLWithPath: folder.path("digits/1/model.keras")))
        // It may still be written: the first failure is not told.
        await repository.refresh()
        await repository.refresh()
        #expect(try await answer(repository) == [4])
        let entry = try #require(repository.index().first)
        #expect(entry.state == .ready)
        #expect(entry.reason.hasPrefix("model.keras: "))
        #expect(!entry.reason.contains(folder.path))
        #expect(repository.isReady)
        try write(5, "digits/1/model.keras")
        await repository.refresh()
        #expect(index(repository) == ["digits/1 READY"])
        #expect(try await answer(repository) == [8])
    }

    @Test func `a broken version leaves the latest that can be loaded`() async throws {
        try write(1, "digits/1/model.keras")
        try write(2, "digits/2/model.keras")
        try Data("no".utf8).write(to: URL(fileURLWithPath: folder.path("digits/2/model.keras")))
        let repository = try ModelRepository(folder: folder.path)
        #expect(try await answer(repository) == [4])
        #expect(repository.isReady)
        let states = repository.index().map { "\($0.version) \($0.state.rawValue)" }
        #expect(states == ["1 READY", "2 UNAVAILABLE"])
        #expect(repository.index(onlyReady: true).map(\.version) == ["1"])
        let error = #expect(throws: ServingError.self) {
            try repository.model("digits", version: "2")
        }
        #expect(error?.status == .unavailable)
        #expect(
            error?.message.hasPrefix("version 2 of model digits is not ready: model.keras: ")
                == true)
    }

    @Test func `a model that cannot be loaded at the start keeps the server from being ready`()
        async throws
    {
        try write(1, "digits/1/model.keras")
        try write(1, "letters/1/model.keras")
        try Data().write(to: URL(fileURLWithPath: folder.path("letters/1/model.keras")))
        let repository = try ModelRepository(folder: folder.path)
        #expect(!repository.isReady)
        try write(2, "letters/1/model.keras")
        await repository.refresh()
        #expect(repository.isReady)
        // One that comes later does not take the others out of service.
        try write(1, "signs/1/model.keras")
        try Data().write(to: URL(fileURLWithPath: folder.path("signs/1/model.keras")))
        await repository.refresh()
        await repository.refresh()
        #expect(repository.isReady)
        #expect(repository.index().last?.state == .unavailable)
    }

    @Test func `a model whose folder is gone is not there`() async throws {
        try write(1, "digits/1/model.keras")
        try write(1, "letters/1/model.keras")
        let repository = try ModelRepository(folder: folder.path)
        try FileManager.default.removeItem(atPath: folder.path("letters"))
        await repository.refresh()
        #expect(repository.names == ["digits"])
        let error = #expect(throws: ServingError.self) { try repository.model("letters") }
        #expect(error?.status == .notFound)
        #expect(error?.message == "there is no model letters; the models are digits")
        // Its series are gone as well.
        #expect(!repository.metrics.text.contains("letters"))
    }

    @Test func `a model is unloaded and loaded by name`() async throws {
        try write(1, "digits/1/model.keras")
        let repository = try ModelRepository(folder: folder.path)
        try await repository.unload("digits")
        await repository.refresh()
        #expect(index(repository) == ["digits/1 UNAVAILABLE: unloaded"])
        #expect(repository.isReady)
        let error = #expect(throws: ServingError.self) { try repository.model("digits") }
        #expect(error?.message == "model digits is not ready: unloaded")
        try write(2, "digits/1/model.keras")
        try await repository.load("digits")
        #expect(try await answer(repository) == [5])
    }

    @Test func `loading a broken file throws, and the old one stays`() async throws {
        try write(1, "digits/1/model.keras")
        let repository = try ModelRepository(folder: folder.path)
        try Data().write(to: URL(fileURLWithPath: folder.path("digits/1/model.keras")))
        let error = await #expect(throws: ServingError.self) {
            try await repository.load("digits")
        }
        #expect(error?.status == .invalidArgument)
        #expect(error?.message.hasPrefix("version 1 of model digits: model.keras: ") == true)
        #expect(try await answer(repository) == [4])
        let unknown = await #expect(throws: ServingError.self) {
            try await repository.load("letters")
        }
        #expect(unknown?.status == .notFound)
    }

    @Test func `other names are ignored, and links out of the repository`() async throws {
        try write(1, "digits/1/model.keras")
        try write(2, "digits/01/model.keras")
        try write(2, "digits/latest/model.keras")
        try write(2, "two words/1/model.keras")
        try write(3, ".hidden/1/model.keras")
        let outside = try TemporaryFolder()
        try SumModel.write(bias: 9, to: outside.path("1/model.keras"))
        let files = FileManager.default
        try files.createSymbolicLink(
            atPath: folder.path("linked"), withDestinationPath: outside.path)
        try files.createSymbolicLink(
            atPath: folder.path("digits/2"), withDestinationPath: outside.path("1"))
        try files.createSymbolicLink(
            atPath: folder.path("inside"), withDestinationPath: folder.path("digits"))
        let repository = try ModelRepository(folder: folder.path, versions: .all)
        #expect(repository.names == ["digits", "inside"])
        let reason = "it is no folder in the repository that can be read"
        #expect(
            index(repository) == [
                "digits/1 READY", "digits/2 UNAVAILABLE: \(reason)",
                "inside/1 READY", "inside/2 UNAVAILABLE: \(reason)",
            ])
    }

    @Test func `names for addresses are served, and others are told`() async throws {
        for name in ["a~b", "A-b_c.1", "möwe", "mo\u{308}we", "a+b", "a%7Eb"] {
            try write(1, "\(name)/1/möwe~1.keras")
        }
        let repository = try ModelRepository(folder: folder.path)
        #expect(repository.names == ["A-b_c.1", "a~b"])
        #expect(try await answer(repository, "a~b") == [4])
        let notes = try RepositorySource.folder(folder.path).scan().notes
        #expect(notes.count == 4)
        #expect(
            notes.contains(
                "möwe is ignored; name a model by the letters a to z and A to Z, digits, -, _, . and ~"
            ))
    }

    @Test(arguments: [
        ([], "its folder has no .keras file"),
        (["a.keras", "b.keras"], "its folder has several .keras files; leave one"),
    ])
    func `a version has one file`(names: [String], reason: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder.path("digits/1"), withIntermediateDirectories: true)
        for name in names { try write(1, "digits/1/\(name)") }
        let repository = try ModelRepository(folder: folder.path)
        #expect(index(repository) == ["digits/1 UNAVAILABLE: \(reason)"])
    }

    @Test func `a model without a version to serve is in the index and says why`() throws {
        try FileManager.default.createDirectory(
            atPath: folder.path("empty"), withIntermediateDirectories: true)
        try write(1, "digits/1/model.keras")
        let repository = try ModelRepository(folder: folder.path, versions: .specific(["7"]))
        #expect(
            index(repository) == [
                "digits/1 UNAVAILABLE: it is not among the versions that are to be served",
                "empty/ UNAVAILABLE: it has no versions; put the file into empty/1",
            ])
        #expect(!repository.isReady)
        #expect {
            try repository.model("empty")
        } throws: {
            "\($0)".contains("model empty is not ready: it has no versions")
        }
    }

    @Test func `a folder that cannot be read is an error, later a pause`() async throws {
        #expect(throws: RepositoryError.self) {
            try ModelRepository(folder: folder.path("nothing"))
        }
        try write(1, "models/digits/1/model.keras")
        let repository = try ModelRepository(folder: folder.path("models"))
        try FileManager.default.moveItem(
            atPath: folder.path("models"), toPath: folder.path("away"))
        await repository.refresh()
        #expect(try await answer(repository) == [4])
    }

    @Test func `files are models by their names`() async throws {
        try write(1, "digits.keras")
        try write(2, "my letters.keras")
        let repository = try ModelRepository(
            files: ["digits.keras", "my letters.keras"].map(folder.path))
        #expect(repository.names == ["digits", "my-letters"])
        #expect(try await answer(repository, "my-letters", version: "1") == [5])
        // A file that is gone for a moment is served on.
        try FileManager.default.removeItem(atPath: folder.path("digits.keras"))
        await repository.refresh()
        #expect(try await answer(repository) == [4])
        try write(6, "digits.keras")
        await repository.refresh()
        #expect(try await answer(repository) == [9])
    }

    @Test func `two files of one name are an error`() throws {
        try write(1, "a/digits.keras")
        try write(1, "b/digits.keras")
        let paths = ["a/digits.keras", "b/digits.keras"].map(folder.path)
        let error = #expect(throws: RepositoryError.self) { try ModelRepository(files: paths) }
        #expect(
            error?.description
                == "\(paths[0]) and \(paths[1]) would both be the model digits; rename one, or give a "
                + "folder of models, as in models/digits/1/model.keras")
    }

    @Test func `a file that cannot be read is an error at the start`() throws {
        try Data("no".utf8).write(to: URL(fileURLWithPath: folder.path("digits.keras")))
        #expect(throws: FileError.self) {
            try ModelRepository(files: [folder.path("digits.keras")])
        }
    }

    @Test func `models in memory are loaded and unloaded as well`() async throws {
        let repository = ModelRepository(["digits": try SumModel.predictor(bias: 1)])
        try await repository.unload("digits")
        #expect(throws: ServingError.self) { try repository.model("digits") }
        try await repository.load("digits")
        #expect(try await answer(repository) == [4])
    }

    /// Requests without a pause while the file is replaced again and again: none fails.
    @Test func `no request is dropped while a model is reloaded`() async throws {
        try write(0, "digits/1/model.keras")
        let repository = try ModelRepository(folder: folder.path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<200 {
                        let value = try await answer(repository)[0]
                        #expect((3...13).contains(value))
                    }
                }
            }
            for bias in 1...10 {
                try write(Float(bias), "new.keras")
                #expect(
                    rename(folder.path("new.keras"), folder.path("digits/1/model.keras")) == 0)
                await repository.refresh()
                #expect(try await answer(repository) == [Float(bias) + 3])
            }
            try await group.waitForAll()
        }
    }
}
#endif
