/// A gzipped IDX file of bytes, the format that MNIST was published in.
///
/// Two zero bytes, the element type (8: unsigned byte), the rank; then each dimension as a 32-bit
/// big-endian number, then the elements (LeCun, Cortes and Burges, "The MNIST database", 1998).
enum IDXFile {
    /// Reads `uint8` elements of shape `[n] + row`, where n is at most `limit`.
    static func read(
        _ path: String, row: [Int], limit: Int
    ) throws(DataError) -> Tensor {
        try DataReading.checkWanted()
        let wanted = row.reduce(1, *)
        // Deflate can grow by five bytes per 16 KiB block (RFC 1951); more cannot be the set.
        let largest = 1024 + limit * wanted + limit * wanted / 1000
        let gzip = try GzipReader(DataFile.read(path, limit: largest), file: path)
        let magic = try gzip.read(4)
        guard magic[0] == 0, magic[1] == 0 else {
            throw .corruptSet(
                file: path, problem: "it is not an IDX file: it starts with bytes \(magic)")
        }
        guard magic[2] == 8 else {
            throw .corruptSet(
                file: path,
                problem: "its elements are of IDX type \(magic[2]) instead of 8, unsigned bytes")
        }
        guard Int(magic[3]) == row.count + 1 else {
            throw .corruptSet(
                file: path, problem: "it has \(magic[3]) dimensions instead of \(row.count + 1)")
        }
        var shape: [Int] = []
        for _ in 0...row.count {
            shape.append(try gzip.read(4).reduce(0) { $0 << 8 | Int($1) })
        }
        guard shape.dropFirst().elementsEqual(row), (1...limit).contains(shape[0]) else {
            throw .corruptSet(
                file: path,
                problem: "its dimensions are \(shape), where \(Shape([nil] + row.map { $0 })) "
                    + "with at most \(limit) rows is expected")
        }
        let elements = try gzip.read(shape[0] * wanted)
        try gzip.finish()
        return Tensor(elements, shape: shape)
    }
}
