/// Reads and writes whole HDF5 files in memory.
enum HDF5File {
    /// The root group of a file with its contents.
    ///
    /// - Parameter storedByteCount: the size of the archive that contains the file, if there is
    ///   one, which bounds the decompressed size.
    /// - Throws: a ``FileError`` if the file is damaged, or has contents that Keras does not write.
    static func read(
        _ file: [UInt8], storedByteCount: Int? = nil
    ) throws(FileError) -> HDF5Group {
        var reader = HDF5Reader(file, storedByteCount: storedByteCount ?? file.count)
        return try reader.root()
    }

    /// The bytes of a file with this root group; the same contents give the same bytes.
    ///
    /// - Throws: a ``FileError`` if a name or a shape is not valid in such a file.
    static func image(of root: HDF5Group) throws(FileError) -> [UInt8] {
        try HDF5Writer(root).file
    }
}
