/// How many bytes of a file may still be gone over.
///
/// Parts of a file may overlap, and many places may lead to the same part, so that a small file could
/// take any time. What Keras writes is gone over twice at most.
struct HDF5Effort {
    private var remaining: Int

    init(fileByteCount: Int) {
        remaining = 4 * fileByteCount + 1 << 20
    }

    mutating func spend(_ byteCount: Int, at address: Int) throws(FileError) {
        guard byteCount <= remaining else {
            throw FileError(
                "parts of the file are used more often than can be true",
                place: ["byte \(address)"])
        }
        remaining -= byteCount
    }
}
