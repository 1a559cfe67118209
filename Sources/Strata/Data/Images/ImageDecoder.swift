/// Pictures from PNG and JPEG files.
///
/// ```swift
/// let photo = try ImageDecoder.decode(file: "cat.jpg")            // uint8 [height, width, 3]
/// let x = try photo.converted(to: .grayscale).resized(to: [28, 28])   // float32 [28, 28, 1]
/// ```
///
/// ### Source
/// Keras 3.15.1 `keras.utils.load_img`, whose pictures come from Pillow: the same pixels, and like
/// there a camera's note on how it was held (EXIF) is not followed unless it is asked for.
public enum ImageDecoder {
    /// Decodes the PNG or JPEG file at a path; which of them its first bytes tell, not its name.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - isUpright: whether a JPEG is turned as its camera noted that it was held (EXIF).
    /// - Returns: `uint8` of shape `[height, width, channels]`: 1 channel for grey, 2 for grey and
    ///   alpha, 3 for RGB (also for a palette, and for CMYK, which is converted), 4 for RGBA. Of 16
    ///   bits a sample the upper 8 remain.
    /// - Throws: ``DataError``: a file that cannot be read, is no PNG or JPEG, is cut off or damaged,
    ///   or has more than 100 million pixels.
    public static func decode(
        file path: String, isUpright: Bool = false
    ) throws(DataError) -> Tensor {
        try decode(
            FileBytes.read(path, limit: ImageCodecs.pixelLimit * 4), file: path,
            isUpright: isUpright)
    }

    /// Decodes the bytes of a PNG or JPEG file, as ``decode(file:isUpright:)`` does.
    ///
    /// - Parameters:
    ///   - bytes: of the whole file.
    ///   - file: what errors call the picture.
    ///   - isUpright: whether a JPEG is turned as its camera noted that it was held (EXIF).
    public static func decode(
        _ bytes: [UInt8], file: String = "the picture", isUpright: Bool = false
    ) throws(DataError) -> Tensor {
        try decode(bytes, file: file, isUpright: isUpright, least: nil)
    }

    /// - Parameter least: the height and width that must be left where a JPEG is decoded smaller.
    static func decode(
        _ bytes: [UInt8], file: String, isUpright: Bool, least: (height: Int, width: Int)?
    ) throws(DataError) -> Tensor {
        switch Format(bytes) {
        case .png: return try ImageCodecs.decodePNG(bytes, file: file)
        case .jpeg:
            let orientation = isUpright ? ImageOrientation(jpeg: bytes) : .upright
            let stored = orientation.swapsAxes ? least.map { ($0.width, $0.height) } : least
            let image = try ImageCodecs.decodeJPEG(bytes, file: file, least: stored)
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

    /// What a file that begins like this is instead of a PNG or JPEG.
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
