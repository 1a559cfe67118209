#if Server
import Foundation
import Strata
import StrataTestSupport
import Testing

@testable import StrataServer

/// What clients and the log read of files that cannot be served.
@Suite struct UnusableFileTests {
    private static let cure = "put a whole .keras file in its place, with layers that Strata has"

    /// Of each kind: its first bytes, and what is said of them.
    private static let kinds: [([UInt8], String)] = [
        ([], "it is empty, not a .keras file"),
        (Array("no".utf8), "it is plain text, not a .keras file"),
        (
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A],
            "it is a PNG picture, not a .keras file"
        ),
        (
            [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A],
            "it is an HDF5 file, not a .keras file"
        ),
        ([0x1F, 0x8B, 8, 0], "it is packed with gzip, not a .keras file"),
    ]

    @Test(arguments: kinds)
    func `a file of another kind is told, with a cure for who has the repository`(
        bytes: [UInt8], facts: String
    ) async throws {
        let folder = try TemporaryFolder()
        try folder.write(bytes, to: "digits/1/model.keras")
        let repository = try ModelRepository(folder: folder.path)
        let reason = "model.keras: \(facts); \(Self.cure)"
        #expect(repository.index().map(\.reason) == [reason])
        let error = await #expect(throws: ServingError.self) {
            try await repository.load("digits")
        }
        #expect(error?.message == "version 1 of model digits: \(reason)")
    }

    @Test(arguments: [0.3, 0.9])
    func `a file that is cut off is told without functions of Swift`(part: Double) throws {
        let folder = try TemporaryFolder()
        try SumModel.write(bias: 1, to: folder.path("whole/1/model.keras"))
        let whole = try folder.read("whole/1/model.keras")
        try folder.write(
            Array(whole.prefix(Int(part * Double(whole.count)))), to: "cut/1/model.keras")
        let repository = try ModelRepository(folder: folder.path)
        let reason = try #require(repository.index().first { $0.name == "cut" }).reason
        #expect(
            reason.hasPrefix("model.keras: ") && reason.hasSuffix("; \(Self.cure)"), "\(reason)")
        #expect(!reason.contains("("), "\(reason)")
    }

    /// Cures of the library that a server's client cannot follow, in any of its errors.
    private static let errors: [(any Error, String)] = [
        (
            FileError(
                "operation Abs outside of a layer is not known",
                location: ["config.json", "layers[1]"], fix: "call registerLayer(_:)"),
            "f.keras: config.json: layers[1]: operation Abs outside of a layer is not known; \(cure)"
        ),
        (
            FileError("cannot be read: Permission denied", path: "/a/f.keras", cause: .unreadable),
            "f.keras: cannot be read: Permission denied; check that it is there, and its permissions"
        ),
        (
            ModelError(.unbuilt(model: "m")),
            "f.keras: model m has no weights yet, because it does not know the shape of its input; "
                + cure
        ),
        (
            GraphError(.noMemory(what: "a batch", byteCount: 2048, reserve: 512, free: 1024)),
            "f.keras: a batch needs 2 KiB of memory and 512 bytes in reserve, and 1 KiB are free; put a "
                + "smaller model in its place, or serve it where there is more memory"
        ),
        (CancellationError(), "f.keras: it is no model that can be read; \(cure)"),
    ]

    @Test(arguments: errors.indices)
    func `each error has a cure for the repository`(index: Int) {
        let (error, reason) = Self.errors[index]
        #expect(ServingError.reason(error, file: "f.keras") == reason)
    }

    @Test func `a file that a program names has the library's own cure`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([0xFF, 0xD8, 0xFF, 0xE0], to: "photo.keras")
        let error = #expect(throws: FileError.self) { try ModelRepository(files: [path]) }
        #expect(
            error?.description
                == "\(path): it is a JPEG picture, not a .keras file; read it with "
                + "ImageDecoder.decode(file:)")
    }

    @Test(arguments: [
        (
            ModelError(.invalidArgument("the model has 2 outputs", fix: "call predict([x])")),
            "the model has 2 outputs; send data that the model takes"
        ),
        (
            ModelError(.wrongShape(name: "x", got: [1, 2], expected: [nil, 3])),
            "x has shape [1, 2], but the model takes [?, 3]; resize or reshape the data"
        ),
        (ModelError(.noSamples), "there are no samples; send at least one"),
    ])
    func `what a model says of data has a cure for a request`(error: ModelError, message: String) {
        #expect(ServingError(error).message == message)
    }

    @Test func `an image that becomes too small has a cure for a request`() async throws {
        let input = Input(shape: [nil, nil, 1], name: "image")
        let pool = MaxPooling2D(4)(MaxPooling2D(4)(input))
        let model = try Model(inputs: input, outputs: GlobalAveragePooling2D()(pool), name: "open")
        let served = ServedModel(name: "open", version: "1", predictor: try Predictor(model))
        let small = Tensor([Float](repeating: 0, count: 81), shape: [1, 9, 9, 1])
        let error = await #expect(throws: ServingError.self) {
            _ = try await served.results(of: [small])
        }
        let message = try #require(error?.message)
        #expect(message.contains("is smaller than the pool window [4, 4]; send a larger image"))
        #expect(!message.contains("padding:") && !message.contains(".swift"), "\(message)")
    }
}
#endif
