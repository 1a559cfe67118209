/// The kind of a file, detected from its first bytes or else its name.
///
/// For errors: they name the actual kind of a file and the function that reads it.
enum FileKind: Hashable {
    case empty
    case keras
    case hdf5(isWeightsAlone: Bool)
    case numPyArray
    case numPyArrays
    case safetensors
    case onnx
    case torch
    case liteModel
    case picture(String)
    case compressed(String)
    case pdf
    case otherArchive
    case json
    case text
    case unknown

    /// The kind of file that a reader expects.
    enum Purpose {
        case model
        case weights
        case array
        case arrays
        case tensors
        case table

        fileprivate var name: String {
            switch self {
            case .model: "a .keras file"
            case .weights: "a file of weights"
            case .array: "a .npy file"
            case .arrays: "a .npz archive"
            case .tensors: "a .safetensors file"
            case .table: "a table of text"
            }
        }
    }

    /// How an HDF5 file begins.
    static let hdf5Signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

    /// How a `.npy` file begins.
    static let numPySignature: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Whether bytes begin as a `.npy` file does.
    static func isNumPyArray(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: numPySignature) && bytes.count >= 12
    }

    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - path: the file's name, if known.
    init(_ bytes: [UInt8], path: String) {
        if bytes.isEmpty {
            self = .empty
        } else if bytes.starts(with: ZipArchive.signature) {
            self = Self.archive(bytes)
        } else if bytes.starts(with: Self.hdf5Signature) {
            self = .hdf5(isWeightsAlone: path.hasSuffix(".weights.h5"))
        } else if Self.isNumPyArray(bytes) {
            self = .numPyArray
        } else if Self.isSafetensors(bytes) {
            // Before those with few bytes of their own: the length of a header may begin as one of them.
            self = .safetensors
        } else if let known = Self.known.first(where: { bytes.starts(with: $0.start) }) {
            self = known.kind
        } else if bytes.dropFirst(4).starts(with: Array("TFL3".utf8)) {
            self = .liteModel
        } else if path.hasSuffix(".onnx") || Self.isONNX(bytes) {
            self = .onnx
        } else {
            self = Self.isText(bytes) ? bytes.first == UInt8(ascii: "{") ? .json : .text : .unknown
        }
    }

    private static let known: [(start: [UInt8], kind: FileKind)] = [
        ([0x89, 0x50, 0x4E, 0x47], .picture("PNG")), ([0xFF, 0xD8, 0xFF], .picture("JPEG")),
        (Array("GIF8".utf8), .picture("GIF")), (Array("RIFF".utf8), .picture("WebP")),
        ([0x49, 0x49, 0x2A, 0], .picture("TIFF")), ([0x4D, 0x4D, 0, 0x2A], .picture("TIFF")),
        ([0x1F, 0x8B], .compressed("gzip")), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], .compressed("xz")),
        (Array("BZh".utf8), .compressed("bzip2")), (Array("%PDF".utf8), .pdf),
        // Pickle's protocols 2 to 5.
        ([0x80, 2], .torch), ([0x80, 3], .torch), ([0x80, 4], .torch), ([0x80, 5], .torch),
    ]

    private static func archive(_ bytes: [UInt8]) -> FileKind {
        let names = (try? ZipArchive(bytes))?.entries.map(\.name) ?? []
        if names.contains("config.json") { return .keras }
        if names.contains(where: { $0.hasSuffix("data.pkl") }) { return .torch }
        if !names.isEmpty, names.allSatisfy({ $0.hasSuffix(".npy") }) { return .numPyArrays }
        return .otherArchive
    }

    /// The length of a header, and the header, which is an object of JSON.
    private static func isSafetensors(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 8, bytes[8] == UInt8(ascii: "{") else { return false }
        let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return length <= UInt64(bytes.count - 8)
    }

    /// The version of the intermediate representation as field 1, and the producer's name as field 2.
    private static func isONNX(_ bytes: [UInt8]) -> Bool {
        bytes.count > 3 && bytes[0] == 8 && (3...15).contains(bytes[1]) && bytes[2] == 0x12
    }

    private static func isText(_ bytes: [UInt8]) -> Bool {
        bytes.prefix(512).allSatisfy { $0 >= 0x20 || (9...13).contains($0) }
    }

    var isZipArchive: Bool {
        switch self {
        case .keras, .numPyArrays, .otherArchive: true
        case .torch, .empty, .hdf5, .numPyArray, .safetensors, .onnx, .liteModel, .picture,
            .compressed, .pdf, .json, .text, .unknown:
            false
        }
    }

    private var name: String {
        switch self {
        case .empty: "empty"
        case .keras: "a .keras file, a model"
        case .hdf5(isWeightsAlone: true): "an HDF5 file of weights alone"
        case .hdf5(isWeightsAlone: false): "an HDF5 file"
        case .numPyArray: "an array of NumPy's (.npy)"
        case .numPyArrays: "an archive of NumPy's arrays (.npz)"
        case .safetensors: "a safetensors file"
        case .onnx: "an ONNX file"
        case .torch: "a file of PyTorch or of Python's pickle"
        case .liteModel: "a TensorFlow Lite file"
        case .picture(let format): "a \(format) picture"
        case .compressed(let format): "packed with \(format)"
        case .pdf: "a PDF document"
        case .otherArchive: "a zip archive of other things"
        case .json: "JSON text"
        case .text: "plain text"
        case .unknown: "of no format that is known here"
        }
    }

    /// What to do with such a file.
    private func cure(_ purpose: Purpose) -> Cure {
        switch self {
        case .empty: .init("save or copy it again: its writing was cut off, or never begun")
        case .keras: .init(call: "open it with Model.load(_:)")
        case .hdf5(isWeightsAlone: true) where purpose == .model:
            .init(
                call:
                    "make the model as it was made before, and give it these weights with loadWeights(_:)"
            )
        case .hdf5 where purpose == .model:
            .init(
                "open it in Keras and save it with model.save(\"model.keras\")",
                call: "make the model in code and give it these weights with loadWeights(_:byName:)"
            )
        case .hdf5: .init(call: "give it to a model with loadWeights(_:)")
        case .numPyArray: .init(call: "read it with Tensor(npy:)")
        case .numPyArrays: .init(call: "read it with Tensor.arrays(npz:)")
        case .safetensors: .init(call: "read it with Safetensors(contentsOf:)")
        case .onnx: .init("such files are only written; use the .keras file that it was made from")
        case .torch:
            .init(
                "such a file can run any code and is not read; in Python, save the tensors with "
                    + "safetensors.torch.save_file or numpy.savez")
        case .liteModel: .init("use the model that it was made from, saved as .keras")
        case .picture: .init(call: "read it with ImageDecoder.decode(file:)")
        case .compressed: .init("unpack it first")
        case .text where purpose != .table:
            .init(call: "give \(purpose.name); tables are read with CSVTable(file:)")
        case .pdf, .otherArchive, .json, .text, .unknown: .init("give \(purpose.name)")
        }
    }

    /// The message for a file of this kind where another one is expected.
    func instead(of purpose: Purpose) -> (found: String, cure: String) {
        let error = error(insteadOf: purpose)
        return (error.message, error.fix ?? "give \(purpose.name)")
    }

    /// The same as an error.
    func error(insteadOf purpose: Purpose) -> FileError {
        FileError("it is \(name), not \(purpose.name)", cure: cure(purpose))
    }
}
