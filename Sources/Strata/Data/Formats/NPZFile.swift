/// A NumPy archive: a zip file with one `.npy` file for each array (NumPy 2, `numpy.savez`).
struct NPZFile {
    private let path: String
    private let archive: ZipArchive

    /// Opens a file of at most `limit` bytes.
    init(_ path: String, limit: Int) throws(DataError) {
        self.path = path
        let bytes = try DataFile.read(path, limit: limit)
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
        guard let header = NPYHeader(bytes) else {
            throw .corruptSet(file: path, problem: "\(name) is not a NumPy array")
        }
        guard header.elementName == "|u1", header.isInCOrder == true, let shape = header.shape
        else {
            throw .corruptSet(
                file: path,
                problem: "\(name) is not an array of unsigned bytes in C order, but \(header.text)")
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
        guard bytes.count - header.end == wanted else {
            throw .corruptSet(
                file: path,
                problem: "\(name) has \(bytes.count - header.end) bytes instead of \(wanted)")
        }
        return Tensor(Array(bytes[header.end...]), shape: shape)
    }
}
