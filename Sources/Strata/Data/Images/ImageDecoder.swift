/// Decodes images from PNG and JPEG files.
///
/// ```swift
/// let photo = try ImageDecoder.decode(file: "cat.jpg")            // uint8 [height, width, 3]
/// let x = try photo.converted(to: .grayscale).resized(to: [28, 28])   // float32 [28, 28, 1]
/// ```
///
/// ### Source
/// Keras 3.15.1 `keras.utils.load_img`, which uses Pillow: the same pixels, and likewise the EXIF
/// orientation is ignored by default.
public enum ImageDecoder {
    /// Decodes the PNG or JPEG file at a path; its first bytes determine the format, not its name.
    ///
    /// - Parameters:
    ///   - path: the file's path.
    ///   - isUpright: whether a JPEG is rotated by its EXIF orientation.
    /// - Returns: `uint8` of shape `[height, width, channels]`: 1 channel for gray, 2 for gray and
    ///   alpha, 3 for RGB (also for palettes and CMYK, which are converted), 4 for RGBA. Samples of
    ///   16 bits are truncated to the upper 8.
    /// - Throws: ``DataError``: a file that is unreadable, not PNG or JPEG, truncated or damaged,
    ///   or has more than 100 million pixels.
    public static func decode(
        file path: String, isUpright: Bool = false
    ) throws(DataError) -> Tensor {
        try decode(
            DataFile.read(path, limit: ImageCodecs.pixelLimit * 4), file: path,
            isUpright: isUpright)
    }

    /// Decodes the bytes of a PNG or JPEG file, as ``decode(file:isUpright:)``.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - file: the image's name in errors.
    ///   - isUpright: whether a JPEG is rotated by its EXIF orientation.
    public static func decode(
        _ bytes: [UInt8], file: String = "the picture", isUpright: Bool = false
    ) throws(DataError) -> Tensor {
        try decode(bytes, file: file, isUpright: isUpright, least: nil)
    }

    /// - Parameters:
    ///   - least: the minimum height and width of a JPEG at reduced scale.
    ///   - pixelLimit: an image with more pixels is refused before memory is allocated.
    package static func decode(
        _ bytes: [UInt8], file: String, isUpright: Bool, least: (height: Int, width: Int)?,
        pixelLimit: Int = ImageCodecs.pixelLimit
    ) throws(DataError) -> Tensor {
        switch Format(bytes) {
        case .png: return try ImageCodecs.decodePNG(bytes, file: file, pixelLimit: pixelLimit)
        case .jpeg:
            let orientation = isUpright ? ImageOrientation(jpeg: bytes) : .upright
            let stored = orientation.swapsAxes ? least.map { ($0.width, $0.height) } : least
            let image = try ImageCodecs.decodeJPEG(
                bytes, file: file, least: stored, pixelLimit: pixelLimit)
            return orientation.uprighted(image)
        case nil: throw .unknownImageFormat(file: file, found: guess(bytes))
        }
    }

    enum Format {
        case png
        case jpeg

        /// - Parameter start: at least the first eight bytes of a file.
        init?(_ start: [UInt8]) {
            if start.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
                self = .png
            } else if start.starts(with: [0xFF, 0xD8, 0xFF]) {
                self = .jpeg
            } else {
                return nil
            }
        }
    }

    /// The kind of a file that is neither PNG nor JPEG.
    static func guess(_ bytes: [UInt8]) -> String {
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
