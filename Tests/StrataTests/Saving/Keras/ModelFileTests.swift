import Foundation
import StrataTestSupport
import Testing

@testable import Strata

@Suite struct ModelFileTests {
    static func sequential() throws -> Model {
        try Sequential(name: "net") {
            Input(shape: [6, 6, 1], name: "entry")
            Conv2D(2, kernelSize: 3, name: "conv")
            Flatten(name: "flat")
            Dense(3, name: "dense")
        }
    }

    static func functional() throws -> Model {
        let input = Input(shape: [4], name: "entry")
        let hidden = Dense(3, name: "hidden")(input)
        return try Model(
            inputs: input, outputs: Dense(2, name: "last")(hidden), name: "net")
    }

    /// What loading says of a file that is changed.
    func error(
        _ model: () throws -> Model = sequential, compiled: Bool = true,
        _ change: (inout KerasFile) -> Void
    ) throws -> String? {
        var file = try model().kerasFile()
        change(&file)
        return #expect(throws: FileError.self) { try Model.load(file, compiled: compiled) }?
            .description
    }

    // MARK: Contents

    @Test func `a file has Keras's three members in their order`() throws {
        let archive = try ZipArchive(Self.sequential().kerasFile().bytes)
        #expect(
            archive.entries.map(\.name) == ["metadata.json", "config.json", "model.weights.h5"])
        let metadata = try JSONValue(parsing: archive.read("metadata.json"))
        #expect(metadata["keras_version"] == "3.15.1")
        guard case .string(let date)? = metadata["date_saved"] else {
            Issue.record("there is no date")
            return
        }
        #expect(date.wholeMatch(of: /\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d/) != nil)
    }

    @Test func `weights stand in groups that are named for classes`() throws {
        let weights = try Self.sequential().kerasFile().weights
        #expect(weights.groups["vars"]?.attributes == ["name": "net"])
        let layers = try #require(weights.groups["layers"])
        #expect(layers.groups.keys.sorted() == ["conv2d", "dense", "flatten"])
        let conv = try #require(layers.groups["conv2d"]?.groups["vars"])
        #expect(conv.attributes == ["name": "conv"])
        #expect(conv.tensors["0"]?.shape == [3, 3, 1, 2])
        #expect(conv.tensors["1"]?.shape == [2])
        #expect(layers.groups["flatten"]?.groups["vars"]?.tensors == [:])
    }

    @Test func `a file on the disk is read back`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/net.keras"
        let model = try Self.functional()
        try model.save(to: path)
        let again = try Model.load(from: path)
        #expect(again.name == "net")
        #expect(again.layers.map(\.name) == ["entry", "hidden", "last"])
        #expect(try again.getWeights() == model.getWeights())
        #expect(!again.isCompiled)
        #expect(folder.files == ["net.keras"])
    }

    @Test func `what a compiled model was compiled with is restored`() throws {
        let model = try Self.functional()
        try model.compile(optimizer: Adam(learningRate: 0.25), loss: .meanSquaredError)
        let x = Tensor(repeating: 1, shape: [2, 4])
        let y = Tensor(repeating: 0, shape: [2, 2])
        try model.trainOnBatch(x, y)
        model.learningRate = 0.125
        let again = try Model.load(model.kerasFile(), compiled: true)
        #expect(again.learningRate == 0.125)
        #expect(
            try again.optimizerVariables.map { try $0.value }
                == model.optimizerVariables.map { try $0.value })
        try again.trainOnBatch(x, y)
        try model.trainOnBatch(x, y)
        #expect(try again.getWeights() == model.getWeights())
        #expect(try !Model.load(model.kerasFile(), compiled: false).isCompiled)
    }

    // MARK: Saving

    @Test func `a name without the ending is an error`() throws {
        let model = try Self.functional()
        let thrown = #expect(throws: FileError.self) { try model.save(to: "net.h5") }
        #expect(thrown?.description == "net.h5: the name should end in .keras")
    }

    @Test func `a file that may not be replaced is left`() throws {
        let folder = try TemporaryFolder()
        let model = try Self.sequential()
        for path in ["\(folder.path)/a.keras", "\(folder.path)/a.weights.h5"] {
            let save = { (overwrite: Bool) in
                path.hasSuffix(".keras")
                    ? try model.save(to: path, overwrite: overwrite)
                    : try model.saveWeights(to: path, overwrite: overwrite)
            }
            try save(false)
            #expect(
                throws: FileError(
                    "already exists", path: path,
                    cure: .init("use another name", call: "overwrite: true"), cause: .unwritable)
            ) { try save(false) }
            try save(true)
        }
    }

    @Test func `a model without weights is not saved`() {
        let thrown = #expect(throws: ModelError.self) {
            try Sequential([Dense(1)], name: "net").save(to: "/tmp/net.keras")
        }
        #expect(thrown == ModelError(.unbuilt(model: "net")))
    }

    final class Doubling: Layer {
        override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor { x * 2 }
    }

    @Test func `a layer that cannot be read again is not saved`() throws {
        let model = try Sequential([InputLayer(batchShape: [nil, 2]), Doubling(name: "twice")])
        let thrown = #expect(throws: FileError.self) { try model.kerasFile() }
        #expect(
            thrown?.description
                == "layer twice is of class Doubling, which cannot be read from a file; "
                + "make Doubling a SerializableLayer and register it with registerLayer")
    }

    @Test func `an operation outside of layers that no file can hold is not saved`() throws {
        let input = Input(shape: [2])
        let rows = SymbolicTensor.constant(Tensor([0, 1] as [Int32]))
        let model = try Model(
            inputs: input, outputs: Dense(3)(input).inTopK(1, classes: rows), name: "net")
        let thrown = #expect(throws: FileError.self) { try model.kerasFile() }
        #expect(
            thrown?.description
                == "model net applies inTopK to tensors outside of any layer, "
                + "which no file can hold; use a layer for it, perhaps one of your own")
    }

    @Test func `a disk that is full leaves the old file`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/net.keras"
        try FileManager.default.createSymbolicLink(
            atPath: path, withDestinationPath: "/dev/full")
        let model = try Self.functional()
        let thrown = #expect(throws: FileError.self) { try model.save(to: path) }
        #expect(
            thrown?.description
                == "\(path): cannot be written: no space left on device; "
                + "free some space, or save elsewhere")
    }

    @Test func `a folder is read like an archive`() throws {
        let folder = try TemporaryFolder()
        let file = try Self.functional().kerasFile()
        _ = try folder.write(Array(file.configuration.text.utf8), to: "config.json")
        _ = try folder.write(HDF5File.image(of: file.weights), to: "model.weights.h5")
        let again = try Model.load(from: folder.path)
        #expect(try WeightLayout(again).group == file.weights)
    }

    // MARK: Damaged files

    @Test func `a file that is no archive is an error`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Array("not a model".utf8), to: "net.keras")
        let thrown = #expect(throws: FileError.self) { try Model.load(from: path) }
        #expect(
            thrown?.description
                == "\(path): it is plain text, not a .keras file; give a .keras file; tables are read "
                + "with CSVTable(file:)")
    }

    @Test func `a file without a configuration is an error`() throws {
        let bytes = try ZipArchive.archive(of: [("a", [])])
        let thrown = #expect(throws: FileError.self) { try KerasFile(bytes) }
        #expect(thrown?.description == "config.json: the archive has no such member, only: a")
    }

    @Test func `a configuration that is no JSON is an error with its place`() throws {
        let bytes = try ZipArchive.archive(of: [("config.json", Array("{\"a\":\n1".utf8))])
        let thrown = #expect(throws: FileError.self) { try KerasFile(bytes) }
        #expect(
            thrown?.description
                == "config.json: line 2, column 2: a comma or } is expected here")
    }

    @Test func `weights in NumPy's format are an error that says so`() throws {
        let bytes = try ZipArchive.archive(of: [
            ("config.json", Array("{}".utf8)), ("model.weights.npz", []),
        ])
        let thrown = #expect(throws: FileError.self) { try KerasFile(bytes) }
        #expect(
            thrown?.description
                == "model.weights.npz: weights in NumPy's format cannot be read; "
                + "save the model with weights_format=\"h5\"")
    }
}
