/// How pictures of any size become tensors of one.
struct ImageLoading: Sendable, Hashable {
    /// What happens to a picture of another aspect ratio.
    enum Fit: Sendable, Hashable {
        case stretch
        /// It loses its ends.
        case crop
        /// It gets black margins.
        case pad
    }

    var colorMode: ColorMode
    var height: Int
    var width: Int
    var interpolation: Interpolation
    var fit: Fit
    /// Whether a JPEG may be decoded at a half, a quarter or an eighth of its size.
    var isReduced: Bool

    /// The picture in a file, `float32 [height, width, channels]` of 0 … 255.
    func load(_ path: String) throws(DataError) -> [Float] {
        let bytes = try FileBytes.read(path, limit: ImageCodecs.pixelLimit * 4)
        let image = try ImageDecoder.decode(
            bytes, file: path, isUpright: true, least: isReduced ? (height, width) : nil)
        return try fitted(image)
    }

    /// A picture `uint8 [height, width, channels]` in the wanted size and colours.
    func fitted(_ image: Tensor) throws(DataError) -> [Float] {
        let picture = try image.converted(to: colorMode)
        switch fit {
        case .stretch: return try resized(picture, height, width)
        case .crop: return try resized(cropped(picture), height, width)
        case .pad: return try padded(picture)
        }
    }

    private func resized(_ image: Tensor, _ height: Int, _ width: Int) throws(DataError) -> [Float]
    {
        guard case .uint8(let pixels) = image.storage else { return image.scalars }
        return try ImageCodecs.resample(
            pixels, height: image.shape[0], width: image.shape[1], channels: image.shape[2],
            to: (height, width), interpolation)
    }

    /// The largest part in the middle that has about the wanted ratio.
    private func cropped(_ image: Tensor) -> Tensor {
        let (rows, columns) = (image.shape[0], image.shape[1])
        let newRows = min(rows, max(columns * height / width, 1))
        let newColumns = min(columns, max(rows * width / height, 1))
        return image.window(
            top: (rows - newRows) / 2, left: (columns - newColumns) / 2, newRows, newColumns)
    }

    /// The whole picture resized, with black beside it.
    private func padded(_ image: Tensor) throws(DataError) -> [Float] {
        let (rows, columns) = (Double(image.shape[0]), Double(image.shape[1]))
        let ratio = max(columns / Double(width), rows / Double(height))
        let (newRows, newColumns) = (rows / ratio, columns / ratio)
        // A picture a hundred times longer than wide keeps a line at least.
        let inner = (max(Int(newRows), 1), max(Int(newColumns), 1))
        let pixels = try resized(image, inner.0, inner.1)
        let channels = image.shape[2]
        let top = max(Int((Double(height) - newRows) / 2), 0)
        let left = max(Int((Double(width) - newColumns) / 2), 0)
        var result = [Float](repeating: 0, count: height * width * channels)
        let count = min(inner.1, width - left) * channels
        for row in 0..<min(inner.0, height - top) {
            let from = row * inner.1 * channels
            let to = ((top + row) * width + left) * channels
            result.replaceSubrange(to..<to + count, with: pixels[from..<from + count])
        }
        return result
    }
}

extension Tensor {
    /// A part of a picture `uint8 [height, width, channels]` that lies within it.
    fileprivate func window(top: Int, left: Int, _ rows: Int, _ columns: Int) -> Tensor {
        let (width, channels) = (shape[1], shape[2])
        guard case .uint8(let source) = storage else { return self }
        var result: [UInt8] = []
        result.reserveCapacity(rows * columns * channels)
        for row in top..<top + rows {
            let from = (row * width + left) * channels
            result += source[from..<from + columns * channels]
        }
        return Tensor(result, shape: [rows, columns, channels])
    }
}
