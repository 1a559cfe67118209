internal import CImageCodecs

/// PNG and JPEG by libpng and libjpeg-turbo.
enum ImageCodecs {
    /// A picture with more pixels is refused before memory is taken for it.
    static let pixelLimit = 100_000_000

    static func decodePNG(_ bytes: [UInt8], file: String) throws(DataError) -> Tensor {
        try decode(bytes, file: file, by: strata_png_decode)
    }

    static func decodeJPEG(_ bytes: [UInt8], file: String) throws(DataError) -> Tensor {
        try decode(bytes, file: file, by: strata_jpeg_decode)
    }

    private typealias Decoder = (
        UnsafePointer<UInt8>?, Int, Int, UnsafeMutablePointer<strata_image>?,
        UnsafeMutablePointer<CChar>?
    ) -> Int32

    private static func decode(
        _ bytes: [UInt8], file: String, by decoder: Decoder
    ) throws(DataError) -> Tensor {
        var image = strata_image()
        var message = [CChar](repeating: 0, count: Int(strata_image_message_size))
        guard decoder(bytes, bytes.count, pixelLimit, &image, &message) == 1 else {
            throw .corruptImage(file: file, problem: text(message))
        }
        defer { strata_image_free(image.pixels) }
        let count = image.height * image.width * image.channels
        return Tensor(
            Array(UnsafeBufferPointer(start: image.pixels, count: count)),
            shape: [image.height, image.width, image.channels])
    }

    /// - Precondition: `pixels` are `height * width * channels`, none of them 0, `channels` at most 4.
    static func encodePNG(
        _ pixels: [UInt8], height: Int, width: Int, channels: Int
    ) throws(DataError) -> [UInt8] {
        var result: UnsafeMutablePointer<UInt8>?
        var count = 0
        var message = [CChar](repeating: 0, count: Int(strata_image_message_size))
        guard
            strata_png_encode(pixels, width, height, channels, &result, &count, &message) == 1
        else {
            throw .unsuitableImage(
                problem: "PNG cannot hold this picture: \(text(message))", fix: "make it smaller")
        }
        defer { strata_image_free(result) }
        return Array(UnsafeBufferPointer(start: result, count: count))
    }

    private static func text(_ message: [CChar]) -> String {
        String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
