import Testing

@testable import Strata

/// The two parts of errors, for those who do not write Swift.
@Suite struct ExplanationTests {
    /// An error, its facts, and what helps.
    struct Case: Sendable, CustomTestStringConvertible {
        let error: any Error
        let facts: String
        let remedy: Explanation.Remedy?

        init(_ error: any Error, _ facts: String, _ remedy: Explanation.Remedy?) {
            (self.error, self.facts, self.remedy) = (error, facts, remedy)
        }

        var testDescription: String { facts }
    }

    private static let small = GraphError.Problem.tooSmall(
        image: [nil, 2, 2, 1], window: [4, 4], isPool: true)

    static let cases = [
        Case(
            FileError("is cut off", path: "a/m.keras", location: ["config.json"], fix: "copy it"),
            "a/m.keras: config.json: is cut off", .words("copy it")),
        Case(
            FileError(
                "it is an array", path: "m.keras", cure: .init(call: "read it with Tensor(npy:)")),
            "m.keras: it is an array", .otherFile),
        Case(
            FileError("it is HDF5", cure: .init("open it in Keras", call: "call f(_:)")),
            "it is HDF5", .words("open it in Keras")),
        Case(FileError("is damaged", path: "m.keras"), "m.keras: is damaged", .otherFile),
        Case(
            FileError("cannot be opened", path: "m", fix: "check it", cause: .unreadable),
            "m: cannot be opened", .access),
        Case(
            FileError("is a folder", path: "m", fix: "name a file in it", cause: .unwritable),
            "m: is a folder", .words("name a file in it")),
        Case(
            FileError("cannot be written", path: "m", cause: .unwritable), "m: cannot be written",
            nil),
        Case(
            ConfigurationError(path: "layers[1]", message: "is no layer"), "layers[1]: is no layer",
            nil),
        Case(
            ConfigurationError(
                path: "", message: "layer A is not known", cure: .init(call: "call f(_:)")),
            "layer A is not known", nil),
        Case(
            DataError.corruptImage(file: "a.png", problem: "it is cut off"), "a.png: it is cut off",
            .words("use a whole PNG or JPEG file")),
        Case(
            DataError.oversizedImage(file: "a.png", height: 3, width: 4, limit: 10),
            "a.png: 3 × 4 pixels are too many", .words("use a picture of at most 10")),
        Case(
            DataError.unreadable(file: "a.png", reason: "no such file"),
            "a.png: cannot be read: no such file", .access),
        Case(
            DataError.unwritable(path: "cache", reason: "cannot be made: no space"),
            "cache: cannot be made: no space",
            .room("make room or set KERAS_HOME to a folder that can be written")),
        Case(
            DataError.notAvailable(
                set: "MNIST", path: "cache/m.gz", address: "https://m/m.gz", isArchive: false,
                cause: .cutShort(received: 1, expected: 2)),
            "MNIST is not in the cache, and downloading https://m/m.gz failed: the connection ended "
                + "after 1 of 2 bytes",
            .download("try again, or fetch that address by hand and save it as cache/m.gz")),
        Case(
            GraphError(small), "an image of [?, 2, 2, 1] is smaller than the pool window [4, 4]",
            .largerImage(atLeast: nil)),
        Case(
            GraphError(.tooLarge(what: "a weight", shape: [2], byteCount: 2048, available: nil)),
            "a weight of shape [2] needs 2 KiB of memory", .lessMemory),
        Case(
            GraphError(.invalidArgument("units is 0", fix: "use 1 or more")), "units is 0",
            .words("use 1 or more")),
        Case(
            ModelError(.wrongShape(name: "x", got: [2], expected: [nil, 3])),
            "x has shape [2], but the model takes [?, 3]", .otherShape),
        Case(ModelError(.notCompiled(call: "fit")), "fit needs a compiled model", .otherFile),
    ]

    @Test(arguments: cases)
    func `the facts and what helps are apart`(one: Case) throws {
        let explanation = try #require(Explanation(one.error))
        #expect(explanation.facts == one.facts)
        #expect(explanation.remedy == one.remedy)
    }

    @Test func `errors of other libraries have none`() {
        #expect(Explanation(CancellationError()) == nil)
    }

    @Test
    func `the shapes on the way are lines of their own, and the place in a program is not told`()
        throws
    {
        let input = Input(shape: [9, 9, 1], name: "image")
        let first = MaxPooling2D(4, name: "first")(input)
        let error = try #require(MaxPooling2D(4, name: "second")(first).error)
        let explanation = Explanation(error)
        #expect(explanation.remedy == .largerImage(atLeast: [16, 16]))
        #expect(
            explanation.text("take a larger one") == """
                second: an image of [?, 2, 2, 1] is smaller than the pool window [4, 4]
                  image -> [?, 9, 9, 1]
                  first -> [?, 2, 2, 1]
                  fix: take a larger one
                """)
    }

    @Test func `a file's facts and cure are one line`() {
        let explanation = Explanation(FileError("is cut off", path: "m.keras"))
        #expect(explanation.text("copy it") == "m.keras: is cut off; copy it")
        #expect(explanation.text(nil) == "m.keras: is cut off")
    }

    /// The library's own description still has both parts of a cure.
    @Test func `a cure for everyone comes before the one for Swift`() {
        let both = FileError("it is HDF5", cure: .init("open it in Keras", call: "call f(_:)"))
        #expect(both.description == "it is HDF5; open it in Keras, or call f(_:)")
        var other = both
        other.fix = "copy it"
        #expect(other.fix == "copy it")
        #expect(other.description == "it is HDF5; copy it")
    }
}
