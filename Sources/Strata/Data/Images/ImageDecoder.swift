/// Pictures from PNG and JPEG files.
///
/// ```swift
/// let photo = try ImageDecoder.decode(file: "cat.jpg")            // uint8 [height, width, 3]
/// let x = try photo.converted(to: .grayscale).resized(to: [28, 28])   // float32 [28, 28, 1]
/// ```
///
/// ### Source
/// Keras 3.15.1 `keras.utils.load_img`, whose pictures come from Pillow: the same pixels, and like
/// there a camera's note on how it was held (EXIF) is not followed.
public enum ImageDecoder {
    /// Decodes the PNG or JPEG file at a path; which of them its first bytes tell, not its name.
    ///
    /// - Returns: `uint8` of shape `[height, width, channels]`: 1 channel for grey, 2 for grey and
    ///   alpha, 3 for RGB (also for a palette, and for CMYK, which is converted), 4 for RGBA. Of 16
    ///   bits a sample the upper 8 remain.
    /// - Throws: ``DataError``: a file that cannot be read, is no PNG or JPEG, is cut off or damaged,
    ///   or has more than 100 million pixels.
    public static func decode(file path: String) throws(DataError) -> Tensor {
        try decode(FileBytes.read(path, limit: ImageCodecs.pixelLimit * 4), file: path)
    }

    /// Decodes the bytes of a PNG or JPEG file, as ``decode(file:)`` does.
    ///
    /// - Parameter file: what errors call the picture.
    public static func decode(
        _ bytes: [UInt8], file: String = "the picture"
    ) throws(DataError) -> Tensor {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            return try ImageCodecs.decodePNG(bytes, file: file)
        }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            return try ImageCodecs.decodeJPEG(bytes, file: file)
        }
        throw .unknownImageFormat(file: file, found: guess(bytes))
    }

    private static func guess(_ bytes: [UInt8]) -> String {
        if bytes.isEmpty { return "the file is empty" }
        let known: [(start: String, name: String)] = [
            ("GIF8", "GIF"), ("BM", "BMP"), ("RIFF", "WebP"), ("II*\0", "TIFF"), ("MM\0*", "TIFF"),
        ]
        if let found = known.first(where: { bytes.starts(with: $0.start.utf8) }) {
            return "it looks like a \(found.name) file, which is not read"
        }
        return "it is neither a PNG nor a JPEG file"
    }
}
