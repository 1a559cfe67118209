/// HDF5 files in memory, read and written whole.
enum HDF5File {
    /// The root group of a file and all that is in it.
    ///
    /// - Parameter storedByteCount: how many bytes the archive has that packs the file, where one does:
    ///   by that, what the file unpacks to is bounded.
    /// - Throws: a ``FileError`` where the file is damaged, or holds what Keras does not write.
    static func read(
        _ file: [UInt8], storedByteCount: Int? = nil
    ) throws(FileError) -> HDF5Group {
        var reader = HDF5Reader(file, storedByteCount: storedByteCount ?? file.count)
        return try reader.root()
    }

    /// The bytes of a file that has this root group; the same contents give the same bytes.
    ///
    /// - Throws: a ``FileError`` where a name or a shape is none that such a file can hold.
    static func image(of root: HDF5Group) throws(FileError) -> [UInt8] {
        try HDF5Writer(root).file
    }
}
