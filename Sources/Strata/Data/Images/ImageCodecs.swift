internal import CImageCodecs

/// PNG and JPEG by libpng and libjpeg-turbo.
package enum ImageCodecs {
    /// An image with more pixels is refused before memory is allocated.
    package static let pixelLimit = 100_000_000

    static func decodePNG(
        _ bytes: [UInt8], file: String, pixelLimit: Int = pixelLimit
    ) throws(DataError) -> Tensor {
        try decode(
            bytes, file: file, pixelLimit: pixelLimit, open: strata_png_open,
            read: strata_png_read, close: strata_png_close)
    }

    /// - Parameter least: the minimum height and width for decoding at a half, a quarter or an
    ///   eighth of the size; full size if left out.
    static func decodeJPEG(
        _ bytes: [UInt8], file: String, least: (height: Int, width: Int)? = nil,
        pixelLimit: Int = pixelLimit
    ) throws(DataError) -> Tensor {
        try decode(
            bytes, file: file, pixelLimit: pixelLimit,
            open: { bytes, count, limit, size, message in
                strata_jpeg_open(
                    bytes, count, limit, least?.width ?? 0, least?.height ?? 0, size, message)
            }, read: strata_jpeg_read, close: strata_jpeg_close)
    }

    private typealias Message = UnsafeMutablePointer<CChar>

    /// Decodes into the tensor's own memory, which is allocated after the header was checked.
    private static func decode(
        _ bytes: [UInt8], file: String, pixelLimit: Int,
        open: (
            UnsafePointer<UInt8>?, Int, Int, UnsafeMutablePointer<strata_image_size>?, Message?
        ) -> OpaquePointer?,
        read: (OpaquePointer?, UnsafeMutablePointer<UInt8>?, Message?) -> Int32,
        close: (OpaquePointer?) -> Void
    ) throws(DataError) -> Tensor {
        var message = [CChar](repeating: 0, count: Int(strata_image_message_size))
        var size = strata_image_size()
        let pixels: (values: [UInt8], shape: [Int])? = bytes.withUnsafeBufferPointer { bytes in
            guard
                let decoder = open(bytes.baseAddress, bytes.count, pixelLimit, &size, &message)
            else { return nil }
            defer { close(decoder) }
            var succeeded = false
            let count = size.height * size.width * size.channels
            let values = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                succeeded = read(decoder, buffer.baseAddress, &message) == 1
                filled = succeeded ? count : 0
            }
            return succeeded ? (values, [size.height, size.width, size.channels]) : nil
        }
        if let pixels { return Tensor(pixels.values, shape: pixels.shape) }
        // Both sides have at most 32 bits.
        guard size.height * size.width <= pixelLimit else {
            throw .oversizedImage(
                file: file, height: size.height, width: size.width, limit: pixelLimit)
        }
        throw .corruptImage(file: file, problem: text(message))
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

    /// Resizes a part of an image `uint8 [height, width, channels]` into a part of another.
    ///
    /// - Parameters:
    ///   - part: within the image.
    ///   - target: rows of `width` pixels, `float32`, or `uint8` with rounding.
    ///   - area: within these rows.
    static func resample(
        _ image: Tensor, _ part: PixelArea, _ interpolation: Interpolation,
        into target: UnsafeMutableRawBufferPointer, _ dtype: DType, width newWidth: Int,
        at area: PixelArea
    ) throws(DataError) {
        guard case .uint8(let pixels) = image.storage else { return }
        let (width, channels) = (image.shape[1], image.shape[2])
        let rows = interpolation.taps(from: part.height, to: area.height)
        let columns = interpolation.taps(from: part.width, to: area.width)
        let start = (part.top * width + part.left) * channels
        let newStart = (area.top * newWidth + area.left) * channels
        let destination = strata_target(
            bytes: dtype == .uint8
                ? target.baseAddress.map { $0.assumingMemoryBound(to: UInt8.self) + newStart }
                : nil,
            floats: dtype == .uint8
                ? nil
                : target.baseAddress.map { $0.assumingMemoryBound(to: Float.self) + newStart },
            row_size: newWidth * channels)
        let succeeded = pixels.withUnsafeBufferPointer { pixels in
            rows.first.withUnsafeBufferPointer { rowFirst in
                rows.weights.withUnsafeBufferPointer { rowWeights in
                    columns.first.withUnsafeBufferPointer { columnFirst in
                        columns.weights.withUnsafeBufferPointer { columnWeights in
                            strata_image_resample(
                                pixels.baseAddress.map { $0 + start }, width * channels,
                                part.width, channels,
                                strata_taps(
                                    new_length: area.height, count: rows.count,
                                    first: rowFirst.baseAddress,
                                    weights: rowWeights.baseAddress),
                                strata_taps(
                                    new_length: area.width, count: columns.count,
                                    first: columnFirst.baseAddress,
                                    weights: columnWeights.baseAddress),
                                destination)
                        }
                    }
                }
            }
        }
        guard succeeded == 1 else {
            throw .unsuitableImage(
                problem: "there is not enough memory", fix: "ask for a smaller size")
        }
    }

    private static func text(_ message: [CChar]) -> String {
        String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// Rows and columns of an image.
struct PixelArea {
    var top = 0
    var left = 0
    var height: Int
    var width: Int
}
