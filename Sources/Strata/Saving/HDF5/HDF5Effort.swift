/// The number of bytes of a file that may still be read.
///
/// Parts of a file may overlap, and many references may lead to the same part, so that a small file
/// could take unbounded time. Keras's files are read twice at most.
struct HDF5Effort {
    private var remaining: Int

    init(fileByteCount: Int) {
        remaining = 4 * fileByteCount + 1 << 20
    }

    mutating func spend(_ byteCount: Int, at address: Int) throws(FileError) {
        guard byteCount <= remaining else {
            throw FileError(
                "parts of the file are used more often than can be true",
                location: ["byte \(address)"])
        }
        remaining -= byteCount
    }
}
