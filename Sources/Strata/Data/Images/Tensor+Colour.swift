/// The channels of an image, by Keras's names.
public enum ColorMode: String, Sendable, Hashable, CaseIterable {
    case grayscale
    case rgb
    case rgba

    /// The number of channels.
    public var channelCount: Int {
        switch self {
        case .grayscale: 1
        case .rgb: 3
        case .rgba: 4
        }
    }
}

extension Tensor {
    /// The image with the channels of `mode`, as by Pillow's `convert`, which Keras uses.
    ///
    /// Gray is the luma of ITU-R BT.601; alpha is dropped without blending, and is 255 if it is
    /// added.
    ///
    /// - Returns: `uint8` of shape `[height, width, mode.channelCount]`.
    /// - Throws: ``DataError/unsuitableImage(problem:fix:)`` unless this is a `uint8` tensor of
    ///   shape `[height, width, channels]` with 1 to 4 channels.
    public func converted(to mode: ColorMode) throws(DataError) -> Tensor {
        guard case .uint8(let source) = storage, rank == 3, (1...4).contains(shape[2]) else {
            throw .unsuitableImage(
                problem: "a tensor \(dtype.rawValue) \(shape) is not an image",
                fix: "give uint8 [height, width, channels] with 1 to 4 channels")
        }
        let channels = shape[2]
        let pixelCount = shape[0] * shape[1]
        let isGrey = channels < 3
        let wanted = mode.channelCount
        if channels == wanted { return self }
        var result = [UInt8](repeating: 255, count: pixelCount * wanted)
        for pixel in 0..<pixelCount {
            let from = pixel * channels
            let to = pixel * wanted
            switch mode {
            case .grayscale:
                result[to] =
                    isGrey
                    ? source[from] : Tensor.luma(source[from], source[from + 1], source[from + 2])
            case .rgb, .rgba:
                for channel in 0..<3 {
                    result[to + channel] = source[from + (isGrey ? 0 : channel)]
                }
                if mode == .rgba, channels == 2 { result[to + 3] = source[from + 1] }
            }
        }
        return Tensor(result, shape: [shape[0], shape[1], wanted])
    }

    /// 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601-7, 2.5.1) in 1/65536, rounded; the factors are
    /// Pillow's, which add up to 65536 exactly.
    private static func luma(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
        let sum = Int(red) * 19_595 + Int(green) * 38_470 + Int(blue) * 7_471
        return UInt8((sum + 32_768) >> 16)
    }
}
