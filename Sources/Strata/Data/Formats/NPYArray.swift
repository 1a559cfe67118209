/// One array of NumPy's, as a `.npy` file holds it.
struct NPYArray {
    /// The elements' types in files, by NumPy's names, little-endian or of one byte.
    private enum Element: String {
        case uint8 = "|u1"
        case int8 = "|i1"
        case bool = "|b1"
        case int16 = "<i2"
        case uint16 = "<u2"
        case int32 = "<i4"
        case int64 = "<i8"
        case float32 = "<f4"
        case float64 = "<f8"

        var byteCount: Int {
            switch self {
            case .uint8, .int8, .bool: 1
            case .int16, .uint16: 2
            case .int32, .float32: 4
            case .int64, .float64: 8
            }
        }
    }

    let tensor: Tensor

    /// - Parameters:
    ///   - bytes: of the whole file.
    ///   - file: what errors call it.
    init(_ bytes: [UInt8], file: String) throws(DataError) {
        func failure(_ problem: String) -> DataError {
            .corruptFile(
                file: file, problem: problem,
                fix: "write it with numpy.save, as plain numbers in C order")
        }
        guard NPYHeader.begins(bytes) else { throw failure("it is no NumPy array") }
        guard let header = NPYHeader(bytes) else { throw failure("its header is cut off") }
        guard let element = header.elementName.flatMap(Element.init) else {
            throw failure("its numbers are \(header.elementName ?? "of no known type")")
        }
        guard header.isInCOrder else { throw failure("it is in Fortran's order") }
        guard let shape = header.shape, shape.allSatisfy({ $0 >= 0 }) else {
            throw failure("its shape makes no sense")
        }
        let data = Array(bytes[header.end...])
        var count = 1
        for size in shape {
            let (product, isTooLarge) = count.multipliedReportingOverflow(by: size)
            if isTooLarge { throw failure("its shape makes no sense") }
            count = product
        }
        guard data.count / element.byteCount == count, data.count % element.byteCount == 0 else {
            throw failure(
                "\(data.count) bytes follow, where the shape \(shape) has \(count) numbers")
        }
        guard let tensor = Self.tensor(data, element, shape) else {
            throw failure("a whole number in it does not fit into 32 bits")
        }
        self.tensor = tensor
    }

    private static func tensor(_ data: [UInt8], _ element: Element, _ shape: [Int]) -> Tensor? {
        func bits<T: FixedWidthInteger>(_ type: T.Type) -> [T] {
            let size = T.bitWidth / 8
            return stride(from: 0, to: data.count, by: size).map { start in
                data[start..<start + size].reversed().reduce(0) {
                    $0 << 8 | T(truncatingIfNeeded: $1)
                }
            }
        }
        switch element {
        case .uint8: return Tensor(data, shape: shape)
        case .bool: return Tensor(data.map { $0 != 0 }, shape: shape)
        case .int8: return Tensor(data.map { Int32(Int8(bitPattern: $0)) }, shape: shape)
        case .int16: return Tensor(bits(Int16.self).map { Int32($0) }, shape: shape)
        case .uint16: return Tensor(bits(UInt16.self).map { Int32($0) }, shape: shape)
        case .int32: return Tensor(bits(Int32.self), shape: shape)
        case .int64:
            let numbers = bits(Int64.self).compactMap { Int32(exactly: $0) }
            return numbers.count * 8 == data.count ? Tensor(numbers, shape: shape) : nil
        case .float32:
            return Tensor(bits(UInt32.self).map { Float(bitPattern: $0) }, shape: shape)
        case .float64:
            return Tensor(
                bits(UInt64.self).map { Float(Double(bitPattern: $0)) }, shape: shape)
        }
    }
}

extension Tensor {
    /// Reads an array of NumPy's from a `.npy` file.
    ///
    /// Bytes stay bytes; other whole numbers become `int32`, numbers with a fraction `float32`.
    ///
    /// - Throws: ``DataError``: a file that cannot be read, is damaged, or holds something else.
    public init(npy path: String) throws(DataError) {
        self = try NPYArray(FileBytes.read(path), file: path).tensor
    }

    /// Reads all arrays of NumPy's `.npz` archive, by their names.
    ///
    /// - Throws: as ``init(npy:)`` does.
    public static func arrays(npz path: String) throws(DataError) -> [String: Tensor] {
        let bytes = try FileBytes.read(path)
        let members: [(name: String, bytes: [UInt8])]
        do throws(FileError) {
            let archive = try ZipArchive(bytes)
            members = try archive.entries.map(\.name).filter { $0.hasSuffix(".npy") }.map {
                name throws(FileError) in (name, try archive.read(name))
            }
        } catch {
            throw .corruptFile(
                file: path, problem: "\(error)", fix: "write it anew with numpy.savez")
        }
        var arrays: [String: Tensor] = [:]
        for (name, bytes) in members {
            arrays[String(name.dropLast(4))] =
                try NPYArray(bytes, file: "\(path)/\(name)").tensor
        }
        return arrays
    }
}
