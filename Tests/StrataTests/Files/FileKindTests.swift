import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// A file of another kind than the one that is read is named, with what reads it.
@Suite struct FileKindTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let npy = NPYHeader.bytes(elementName: "|u1", shape: [1]) + [7]
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0]
    private static let hdf5 = FileKind.hdf5Signature + [UInt8](repeating: 0, count: 100)

    static let models: [(name: String, bytes: [UInt8], message: String)] = [
        ("m.h5", hdf5, "it is an HDF5 file, not a .keras file; open it in Keras and save it with"),
        (
            "m.weights.h5", hdf5,
            "it is an HDF5 file of weights alone, not a .keras file; make the model as it was made"
        ),
        (
            "m.onnx", [8, 8, 0x12, 1, 65],
            "it is an ONNX file, not a .keras file; such files are only"
        ),
        (
            "m.keras", [8, 8, 0x12, 1, 65],
            "it is an ONNX file, not a .keras file; such files are only"
        ),
        ("m.keras", [], "it is empty, not a .keras file; save or copy it again"),
        ("m.keras", png, "it is a PNG picture, not a .keras file; read it with ImageDecoder"),
        (
            "m.npy", npy,
            "it is an array of NumPy's (.npy), not a .keras file; read it with Tensor(npy:)"
        ),
        (
            "m.npz", (try? ZipArchive.archive(of: [("x.npy", npy)])) ?? [],
            "it is an archive of NumPy's arrays (.npz), not a .keras file; read it with Tensor.arrays"
        ),
        (
            "m.safetensors", Safetensors(["x": Tensor(1)]).bytes,
            "it is a safetensors file, not a .keras file; read it with Safetensors(contentsOf:)"
        ),
        (
            "m.pt", (try? ZipArchive.archive(of: [("archive/data.pkl", [1])])) ?? [],
            "it is a file of PyTorch or of Python's pickle, not a .keras file; such a file can run"
        ),
        (
            "m.pth", [0x80, 2, 0x8A],
            "it is a file of PyTorch or of Python's pickle, not a .keras file"
        ),
        ("m.gz", [0x1F, 0x8B, 8], "it is packed with gzip, not a .keras file; unpack it first"),
        ("m.tflite", [0x1C, 0, 0, 0] + Array("TFL3".utf8), "it is a TensorFlow Lite file, not"),
        ("m.json", Array("{\"class_name\": 1}".utf8), "it is JSON text, not a .keras file; give a"),
        (
            "m.csv", Array("a,b\n1,2\n".utf8),
            "it is plain text, not a .keras file; give a .keras file"
        ),
        (
            "m.bin", [1, 0, 2, 0xFF],
            "it is of no format that is known here, not a .keras file; give"
        ),
    ]

    @Test(arguments: models.indices)
    func `where a model is expected, what stands there is named`(_ index: Int) throws {
        let (name, bytes, message) = Self.models[index]
        let path = try folder.write(bytes, to: name)
        let error = #expect(throws: FileError.self) { try Model.load(path) }
        #expect(error?.description.hasPrefix("\(path): \(message)") == true, "\(error as Any)")
    }

    @Test func `folders that are no model are named`() throws {
        try folder.write([8], to: "saved/saved_model.pb")
        let saved = #expect(throws: FileError.self) { try Model.load("\(folder.path)/saved") }
        #expect(saved?.message == "it is a SavedModel of TensorFlow, not a .keras file")
        let other = #expect(throws: FileError.self) { try Model.load(folder.path) }
        #expect(other?.message == "it is a folder without config.json, not a .keras file")
    }

    private func model() throws -> Model {
        try Sequential {
            Input(shape: [2])
            Dense(1)
        }
    }

    @Test(
        arguments: [
            ("w.onnx", [8, 8, 0x12, 1, 65], "it is an ONNX file, not a file of weights"),
            ("w.weights.h5", [], "it is empty, not a file of weights"),
            ("w.npy", npy, "it is an array of NumPy's (.npy), not a file of weights"),
            ("w.png", png, "it is a PNG picture, not a file of weights"),
            ("w.txt", Array("weights".utf8), "it is plain text, not a file of weights"),
        ] as [(String, [UInt8], String)])
    func `where weights are expected, what stands there is named`(
        name: String, bytes: [UInt8], message: String
    ) throws {
        let path = try folder.write(bytes, to: name)
        let error = #expect(throws: FileError.self) { try model().loadWeights(path) }
        #expect(error?.message == message)
        #expect(error?.fix != nil)
    }

    @Test func `weights come from a .keras file, too, and from the folder that Keras makes of one`()
        throws
    {
        let model = try model()
        try model.save("\(folder.path)/m.keras")
        let file = try KerasFile(contentsOf: "\(folder.path)/m.keras")
        try folder.write(Array(file.configuration.text.utf8), to: "m/config.json")
        try folder.write(HDF5File.image(of: file.weights), to: "m/model.weights.h5")
        for name in ["m.keras", "m"] {
            let other = try self.model()
            try other.loadWeights("\(folder.path)/\(name)")
            #expect(try other.getWeights() == model.getWeights())
        }
    }

    @Test func `where data is expected, what stands there is named`() throws {
        let keras = "\(folder.path)/m.keras"
        try model().save(keras)
        let model = "it is a .keras file, a model, not"
        let array = #expect(throws: DataError.self) { try Tensor(npy: keras) }
        #expect(array?.description == "\(keras): \(model) a .npy file; open it with Model.load(_:)")
        let arrays = #expect(throws: DataError.self) { try Tensor.arrays(npz: keras) }
        #expect(
            arrays?.description == "\(keras): \(model) a .npz archive; open it with Model.load(_:)")
        let table = #expect(throws: DataError.self) { try CSVTable(file: keras) }
        #expect(
            table?.description == "\(keras): \(model) a table of text; open it with Model.load(_:)")
        let tensors = #expect(throws: FileError.self) { try Safetensors(contentsOf: keras) }
        #expect(tensors?.message == "\(model) a .safetensors file")
        let npy = try folder.write(Self.npy, to: "x.npy")
        let single = #expect(throws: DataError.self) { try Tensor.arrays(npz: npy) }
        #expect(
            single?.description.hasSuffix("not a .npz archive; read it with Tensor(npy:)") == true)
    }

    @Test func `paths need no label, and a chain is loaded as one`() throws {
        let model = try model()
        let path = "\(folder.path)/m.keras"
        try model.save(path)
        let chain: Sequential = try Sequential.load(path)
        #expect(try chain.getWeights() == model.getWeights())
        #expect(try Model.load(path, compile: false) is Sequential)
        try model.saveWeights("\(folder.path)/m.weights.h5")
        try chain.loadWeights("\(folder.path)/m.weights.h5")
        try model.export("\(folder.path)/m.onnx")
        let input = Input(shape: [2])
        try Model(inputs: input, outputs: Dense(1)(input)).save(path)
        let error = #expect(throws: FileError.self) { try Sequential.load(path) }
        #expect(error?.message == "it holds a Functional model, not a Sequential one")
    }
}
