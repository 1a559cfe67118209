internal import CImageCodecs

/// PNG and JPEG by libpng and libjpeg-turbo.
enum ImageCodecs {
    /// A picture with more pixels is refused before memory is taken for it.
    static let pixelLimit = 100_000_000

    static func decodePNG(_ bytes: [UInt8], file: String) throws(DataError) -> Tensor {
        try decode(bytes, file: file, by: strata_png_decode)
    }

    /// - Parameter least: the height and width that the picture must keep where it comes at a half,
    ///   a quarter or an eighth of its size; all of it comes if left out.
    static func decodeJPEG(
        _ bytes: [UInt8], file: String, least: (height: Int, width: Int)? = nil
    ) throws(DataError) -> Tensor {
        try decode(bytes, file: file) { bytes, count, limit, image, message in
            strata_jpeg_decode(
                bytes, count, limit, least?.width ?? 0, least?.height ?? 0, image, message)
        }
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

    /// Bytes `[height, width, channels]` brought to another size, as `float32`.
    static func resample(
        _ pixels: [UInt8], height: Int, width: Int, channels: Int,
        to size: (height: Int, width: Int),
        _ interpolation: Interpolation
    ) throws(DataError) -> [Float] {
        let rows = interpolation.taps(from: height, to: size.height)
        let columns = interpolation.taps(from: width, to: size.width)
        var succeeded = false
        let count = size.height * size.width * channels
        let result = [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            rows.first.withUnsafeBufferPointer { rowFirst in
                rows.weights.withUnsafeBufferPointer { rowWeights in
                    columns.first.withUnsafeBufferPointer { columnFirst in
                        columns.weights.withUnsafeBufferPointer { columnWeights in
                            succeeded =
                                strata_image_resample(
                                    pixels, width, channels,
                                    strata_taps(
                                        new_length: size.height, count: rows.count,
                                        first: rowFirst.baseAddress,
                                        weights: rowWeights.baseAddress),
                                    strata_taps(
                                        new_length: size.width, count: columns.count,
                                        first: columnFirst.baseAddress,
                                        weights: columnWeights.baseAddress),
                                    buffer.baseAddress) == 1
                        }
                    }
                }
            }
            filled = succeeded ? count : 0
        }
        guard succeeded else {
            throw .unsuitableImage(
                problem: "there is not enough memory", fix: "ask for a smaller size")
        }
        return result
    }

    private static func text(_ message: [CChar]) -> String {
        String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
