internal import Foundation

/// A NumPy archive: a zip file with one `.npy` file for each array (NumPy 2, `numpy.savez`).
struct NPZFile {
    private let path: String
    private let archive: ZipArchive

    /// Opens a file of at most `limit` bytes.
    init(_ path: String, limit: Int) throws(DataError) {
        self.path = path
        let bytes = try FileBytes.read(path, limit: limit)
        do throws(FileError) {
            archive = try ZipArchive(bytes)
        } catch {
            throw .corruptSet(file: path, problem: "\(error)")
        }
    }

    /// The array `name`, `uint8` of shape `[n] + row`, where n is at most `limit`.
    func read(_ name: String, row: [Int], limit: Int) throws(DataError) -> Tensor {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try archive.read("\(name).npy")
        } catch {
            throw .corruptSet(file: path, problem: "\(error)")
        }
        let (header, start) = try header(bytes, name: name)
        guard header.contains("'descr': '|u1'"), header.contains("'fortran_order': False"),
            let shape = NPZFile.shape(header)
        else {
            throw .corruptSet(
                file: path,
                problem: "\(name) is no array of unsigned bytes in C order, but \(header)")
        }
        guard shape.dropFirst().elementsEqual(row), let count = shape.first,
            (1...limit).contains(count)
        else {
            throw .corruptSet(
                file: path,
                problem: "the dimensions of \(name) are \(shape), where "
                    + "\(Shape([nil] + row.map { $0 })) with at most \(limit) rows is expected")
        }
        let wanted = shape.reduce(1, *)
        guard bytes.count - start == wanted else {
            throw .corruptSet(
                file: path,
                problem: "\(name) has \(bytes.count - start) bytes instead of \(wanted)")
        }
        return Tensor(Array(bytes[start...]), shape: shape)
    }

    /// The text that describes the array, and where its elements start.
    ///
    /// After the magic string come two bytes for the version and the text's length, in two bytes
    /// for version 1 and in four after it (`numpy.lib.format`).
    private func header(
        _ bytes: [UInt8], name: String
    ) throws(DataError) -> (text: String, end: Int) {
        let isNPY = bytes.starts(with: [0x93] + Array("NUMPY".utf8)) && bytes.count >= 12
        let start = isNPY && bytes[6] == 1 ? 10 : 12
        let length =
            isNPY ? bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) } : .max
        // Longer texts than this describe no plain array.
        guard length <= 10_000, start + length <= bytes.count else {
            throw .corruptSet(file: path, problem: "\(name) is no NumPy array")
        }
        let text = String(decoding: bytes[start..<start + length], as: UTF8.self)
        return (text.filter { !$0.isNewline }, start + length)
    }

    /// The numbers of `'shape': (60000, 28, 28)`.
    private static func shape(_ header: String) -> [Int]? {
        guard let key = header.range(of: "'shape': (")?.upperBound else { return nil }
        let inner = header[key...].prefix { $0 != ")" }
        let parts = inner.split(separator: ",").map { $0.filter { $0 != " " } }
        let numbers = parts.filter { !$0.isEmpty }.map { Int($0) }
        return numbers.contains(nil) ? nil : numbers.compactMap { $0 }
    }
}
