/// The assembled chunks of a chunked dataset.
struct HDF5Chunks {
    private let shape: [Int]
    private let chunk: [Int]
    private let elementByteCount: Int
    private let filters: HDF5Filters?
    private var bytes: [UInt8] = []
    private var seen: Set<[Int]> = []

    init(shape: [Int], chunk: [Int], elementByteCount: Int, filters: HDF5Filters?) {
        self.shape = shape
        self.chunk = chunk
        self.elementByteCount = elementByteCount
        self.filters = filters
    }

    var rank: Int { shape.count }

    private var byteCount: Int { shape.reduce(elementByteCount, *) }
    private var chunkByteCount: Int { chunk.reduce(elementByteCount, *) }

    /// Allocates memory if all chunks fit into the budget.
    ///
    /// They may be larger than the dataset where they reach
    /// beyond it; the dataset itself is checked already.
    mutating func prepare(budget: inout Int, fileByteCount: Int) throws(FileError) {
        let size = zip(shape, chunk).reduce(Double(elementByteCount)) { size, next in
            size * Double(next.1) * max((Double(next.0) / Double(next.1)).rounded(.up), 1)
        }
        if chunk.contains(0) || size > Double(budget) {
            throw FileError("its parts are too large to be true")
        }
        // Deflate compresses at most 1032 bytes into one (zlib's technical details).
        let expansion = filters == nil ? 1 : 1032
        if byteCount / expansion > fileByteCount {
            throw FileError("the file is too short for the shape \(shape)")
        }
        budget -= Int(size)
        bytes = [UInt8](repeating: 0, count: byteCount)
    }

    /// Decompresses a chunk and copies its part within the dataset.
    mutating func add(
        _ packed: [UInt8], at offset: [Int], skippedFilters: UInt64
    ) throws(FileError) {
        let isInside = zip(offset, shape).allSatisfy { $0 < $1 }
        guard isInside, zip(offset, chunk).allSatisfy({ $0 % $1 == 0 }),
            seen.insert(offset).inserted
        else { throw FileError("a part of the values stands where none can: \(offset)") }
        let part =
            try filters?.undo(
                packed, count: chunkByteCount, elementByteCount: elementByteCount,
                skipped: skippedFilters) ?? packed
        guard part.count == chunkByteCount else {
            throw FileError("a part of the values has \(part.count) bytes, not \(chunkByteCount)")
        }
        copy(part, axis: 0, from: 0, to: 0, offset)
    }

    /// Copies rows; `source` and `target` count elements.
    private mutating func copy(
        _ part: [UInt8], axis: Int, from source: Int, to target: Int, _ offset: [Int]
    ) {
        let count = rank == 0 ? 1 : min(chunk[axis], shape[axis] - offset[axis])
        if axis >= rank - 1 {
            let start = rank == 0 ? 0 : target * shape[axis] + offset[axis]
            let from = (rank == 0 ? 0 : source * chunk[axis]) * elementByteCount
            let to = start * elementByteCount
            let length = count * elementByteCount
            bytes.replaceSubrange(to..<to + length, with: part[from..<from + length])
            return
        }
        for index in 0..<count {
            copy(
                part, axis: axis + 1, from: source * chunk[axis] + index,
                to: target * shape[axis] + offset[axis] + index, offset)
        }
    }

    /// The values, if all chunks are present.
    func finished() throws(FileError) -> [UInt8] {
        let expected = zip(shape, chunk).reduce(1) { $0 * (($1.0 + $1.1 - 1) / $1.1) }
        if seen.count < expected { throw FileError("its values were never written") }
        return bytes
    }
}
