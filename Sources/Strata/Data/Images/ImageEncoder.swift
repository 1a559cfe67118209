/// Encodes images as PNG.
public enum ImageEncoder {
    /// Encodes an image as PNG, without loss.
    ///
    /// - Parameter image: `uint8` of shape `[height, width]` or `[height, width, channels]`, with 1
    ///   (gray), 2 (gray and alpha), 3 (RGB) or 4 (RGBA) channels.
    /// - Throws: ``DataError/unsuitableImage(problem:fix:)`` for another type or shape.
    public static func png(_ image: Tensor) throws(DataError) -> [UInt8] {
        let shape = image.rank == 2 ? image.shape + [1] : image.shape
        guard case .uint8(let pixels) = image.storage, shape.count == 3,
            (1...4).contains(shape[2]), !pixels.isEmpty
        else {
            throw .unsuitableImage(
                problem: "a tensor \(image.dtype.rawValue) \(image.shape) is not an image",
                fix: "give uint8 [height, width, channels] with 1 to 4 channels")
        }
        return try ImageCodecs.encodePNG(
            pixels, height: shape[0], width: shape[1], channels: shape[2])
    }
}
