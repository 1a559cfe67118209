internal import Foundation

/// A `.keras` file as Keras 3.15.1 writes it: a zip archive of a configuration, weights and
/// metadata.
struct KerasFile: Sendable {
    private enum Member {
        static let metadata = "metadata.json"
        static let configuration = "config.json"
        static let weights = "model.weights.h5"
        static let packedWeights = "model.weights.npz"
        /// Keras reads the assets that its layers need, and ignores others.
        static let classNames = "assets/class_names.json"
    }

    /// `keras_version` and `date_saved`.
    var metadata: JSONValue
    /// The model as a serialized object, with its `compile_config`.
    var configuration: JSONValue
    var weights: HDF5Group
    /// The class names, if the file has them.
    var classNames: [String]?

    /// A file with the current time.
    init(configuration: JSONValue, weights: HDF5Group) {
        metadata = [
            "keras_version": .string(kerasVersion), "date_saved": .string(Self.now),
        ]
        self.configuration = configuration
        self.weights = weights
    }

    init(_ bytes: [UInt8], path: String = "") throws(FileError) {
        let kind = FileKind(bytes, path: path)
        if !kind.isZipArchive || kind == .numPyArrays { throw kind.error(insteadOf: .model) }
        let archive = try ZipArchive(bytes)
        metadata =
            archive.contains(Member.metadata)
            ? try Self.json(archive, Member.metadata) : .object([:])
        configuration = try Self.json(archive, Member.configuration)
        if !archive.contains(Member.weights), archive.contains(Member.packedWeights) {
            throw FileError(
                "weights in NumPy's format cannot be read", location: [Member.packedWeights],
                fix: "save the model with weights_format=\"h5\"")
        }
        if archive.contains(Member.classNames) {
            let json = try Self.json(archive, Member.classNames)
            guard case .array(let items) = json,
                case let names = items.compactMap(\.string), names.count == items.count
            else {
                throw FileError(
                    "it should be a list of texts", location: [Member.classNames],
                    fix: "take it out of the archive, or make it one")
            }
            classNames = names
        }
        let weights = try archive.read(Member.weights)
        self.weights = try locating(in: Member.weights) { () throws(FileError) in
            try HDF5File.read(weights, storedByteCount: bytes.count).withCurrentNames
        }
    }

    /// Reads the archive at a path, or the folder that Keras writes with `zipped=False`.
    init(contentsOf path: String) throws(FileError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
            isFolder.boolValue
        else {
            self = try KerasFile(FileContents.read(path), path: path)
            return
        }
        try Self.checkFolder(path)
        func member(_ name: String) throws(FileError) -> [UInt8] {
            try locating(in: name) { () throws(FileError) in
                try FileContents.read("\(path)/\(name)")
            }
        }
        let text = try member(Member.configuration)
        let image = try member(Member.weights)
        metadata = .object([:])
        configuration = try locating(in: Member.configuration) { () throws(FileError) in
            try JSONValue(inFile: text)
        }
        weights = try locating(in: Member.weights) { () throws(FileError) in
            try HDF5File.read(image).withCurrentNames
        }
    }

    /// - Throws: if a folder is not one that Keras writes.
    private static func checkFolder(_ path: String) throws(FileError) {
        func has(_ name: String) -> Bool {
            FileManager.default.fileExists(atPath: "\(path)/\(name)")
        }
        if has(Member.configuration) { return }
        if has("saved_model.pb") {
            throw FileError(
                "it is a SavedModel of TensorFlow, not a .keras file",
                fix: "make the model in Keras 3 and save it with model.save(\"model.keras\"): a "
                    + "SavedModel holds a program, no layers")
        }
        throw FileError(
            "it is a folder without \(Member.configuration), not a .keras file",
            fix: "name the file in it, or the folder that Keras wrote with zipped=False")
    }

    private static func json(_ archive: ZipArchive, _ name: String) throws(FileError) -> JSONValue {
        let text = try archive.read(name)
        return try locating(in: name) { () throws(FileError) in try JSONValue(inFile: text) }
    }

    var bytes: [UInt8] {
        get throws(FileError) {
            let names = classNames.map { names in
                (
                    Member.classNames,
                    Array(JSONValue.array(names.map { .string($0) }).text.utf8)
                )
            }
            return try ZipArchive.archive(
                of: [
                    (Member.metadata, Array(metadata.text.utf8)),
                    (Member.configuration, Array(configuration.text.utf8)),
                    (
                        Member.weights,
                        try locating(in: Member.weights) { () throws(FileError) in
                            try HDF5File.image(of: weights)
                        }
                    ),
                ] + (names.map { [$0] } ?? []))
        }
    }

    /// The local time as Python's `%Y-%m-%d@%H:%M:%S`.
    private static var now: String {
        var seconds = time(nil)
        var parts = tm()
        localtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 32)
        let count = strftime(&text, text.count, "%Y-%m-%d@%H:%M:%S", &parts)
        return String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Runs `body` on the configuration; errors get their path in the file.
    func reading<T>(
        _ body: (JSONValue) throws(ConfigurationError) -> T
    ) throws(FileError) -> T {
        do throws(ConfigurationError) {
            return try body(configuration)
        } catch {
            throw FileError(error).inside(Member.configuration)
        }
    }

    /// Runs `body` on the weights; errors get their path in the file.
    func readingWeights<T>(_ body: (HDF5Group) throws(FileError) -> T) throws(FileError) -> T {
        try locating(in: Member.weights) { () throws(FileError) in try body(weights) }
    }
}

extension JSONValue {
    fileprivate var string: String? {
        if case .string(let text) = self { text } else { nil }
    }
}
