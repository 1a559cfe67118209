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
        let picture = framed(try image.converted(to: colorMode))
        guard case .uint8(let pixels) = picture.storage else { return picture.scalars }
        return try ImageCodecs.resample(
            pixels, height: picture.shape[0], width: picture.shape[1],
            channels: picture.shape[2], to: (height, width), interpolation)
    }

    /// The picture without its ends, or with margins, so that it has about the wanted ratio.
    private func framed(_ image: Tensor) -> Tensor {
        let (rows, columns) = (image.shape[0], image.shape[1])
        let wantedRows = max(columns * height / width, 1)
        let wantedColumns = max(rows * width / height, 1)
        switch fit {
        case .stretch: return image
        case .crop:
            let (newRows, newColumns) = (min(rows, wantedRows), min(columns, wantedColumns))
            return image.window(
                top: (rows - newRows) / 2, left: (columns - newColumns) / 2, newRows, newColumns)
        case .pad:
            // As much on both sides, so that one row or column may be missing.
            let top = (max(rows, wantedRows) - rows) / 2
            let left = top > 0 ? 0 : (max(columns, wantedColumns) - columns) / 2
            return image.window(top: -top, left: -left, rows + 2 * top, columns + 2 * left)
        }
    }
}

extension Tensor {
    /// A part of a picture `uint8 [height, width, channels]`; 0 where it reaches beyond it.
    fileprivate func window(top: Int, left: Int, _ rows: Int, _ columns: Int) -> Tensor {
        let (height, width, channels) = (shape[0], shape[1], shape[2])
        if (top, left) == (0, 0), (rows, columns) == (height, width) { return self }
        guard case .uint8(let source) = storage else { return self }
        var result = [UInt8](repeating: 0, count: rows * columns * channels)
        let used = max(left, 0)..<min(left + columns, width)
        for row in max(top, 0)..<min(top + rows, height) where !used.isEmpty {
            let from = (row * width + used.lowerBound) * channels
            let to = ((row - top) * columns + used.lowerBound - left) * channels
            let count = used.count * channels
            result.replaceSubrange(to..<to + count, with: source[from..<from + count])
        }
        return Tensor(result, shape: [rows, columns, channels])
    }
}
