internal import StrataGraph

extension Tensor {
    /// Reads a NumPy array from a `.npy` file (`numpy.load`).
    ///
    /// All numeric types are read, in either byte order, in C and Fortran order: `float16`,
    /// `float32` and `float64` become `float32`, `uint8` and `bool` are unchanged, other integers
    /// become `int32`.
    ///
    /// - Throws: ``DataError``: a file that is unreadable or damaged, that contains anything but
    ///   numbers, or a value out of range of `int32` or `float32`.
    public init(npy path: String) throws(DataError) {
        self = try NPYArray(DataFile.read(path), file: path).tensor
    }

    /// Reads all arrays of a NumPy `.npz` archive, by name (`numpy.load`).
    ///
    /// - Throws: as ``init(npy:)`` does.
    public static func arrays(npz path: String) throws(DataError) -> [String: Tensor] {
        let bytes = try DataFile.read(path)
        let kind = FileKind(bytes, path: path)
        if !kind.isZipArchive {
            let (found, cure) = kind.instead(of: .arrays)
            throw .corruptFile(file: path, problem: found, fix: cure)
        }
        let members = try members(bytes, path: path, kind)
        var arrays: [String: Tensor] = [:]
        for (name, contents) in members {
            arrays[name] = try NPYArray(contents, file: "\(path)/\(name).npy").tensor
        }
        return arrays
    }

    /// The members of an archive, by array names.
    private static func members(
        _ bytes: [UInt8], path: String, _ kind: FileKind
    ) throws(DataError) -> [(name: String, contents: [UInt8])] {
        do throws(FileError) {
            let archive = try ZipArchive(bytes)
            let names = archive.entries.map(\.name).filter { $0.hasSuffix(".npy") }
            if names.isEmpty, !archive.entries.isEmpty { throw kind.error(insteadOf: .arrays) }
            return try names.map { name throws(FileError) in
                (String(name.dropLast(4)), try archive.read(name))
            }
        } catch {
            throw .corruptFile(
                file: path, problem: (error.location + [error.message]).joined(separator: ": "),
                fix: error.fix ?? "write it again with numpy.savez")
        }
    }

    /// Writes the array to a `.npy` file (`numpy.save`).
    ///
    /// NumPy has no `bfloat16`; such values are written as `float32` without loss.
    ///
    /// ```swift
    /// try model.predict(x).save(to: "predictions.npy")
    /// ```
    ///
    /// - Parameter path: a name that ends in `.npy`. An existing file is replaced atomically.
    /// - Throws: a ``FileError`` if the file cannot be written.
    public func save(to path: String) throws(FileError) {
        try Tensor.check(path, endsIn: ".npy")
        try FileContents.write(npy, to: path)
    }

    /// Writes arrays by name to a `.npz` archive (`numpy.savez`).
    ///
    /// ```swift
    /// try Tensor.save(["x": x, "y": y], to: "data.npz")
    /// ```
    ///
    /// - Parameters:
    ///   - arrays: the arrays.
    ///   - path: a name that ends in `.npz`. An existing file is replaced atomically.
    /// - Throws: a ``FileError`` if the file cannot be written.
    public static func save(_ arrays: [String: Tensor], to path: String) throws(FileError) {
        try check(path, endsIn: ".npz")
        let members = arrays.sorted { $0.key < $1.key }.map { ("\($0.key).npy", $0.value.npy) }
        let bytes = try locating(path: path) { () throws(FileError) in
            try ZipArchive.archive(of: members)
        }
        try FileContents.write(bytes, to: path)
    }

    private static func check(_ path: String, endsIn ending: String) throws(FileError) {
        guard path.hasSuffix(ending) else {
            throw FileError("the name should end in \(ending)", path: path)
        }
    }

    /// The bytes of a `.npy` file.
    private var npy: [UInt8] {
        let tensor = dtype == .bfloat16 ? cast(to: .float32) : self
        let name =
            switch tensor.dtype {
            case .float32, .bfloat16: "<f4"
            case .int32: "<i4"
            case .uint8: "|u1"
            case .bool: "|b1"
            }
        return NPYHeader.bytes(elementName: name, shape: shape)
            + tensor.withUnsafeBytes { Array($0) }
    }
}
