/// Loads images of any size as tensors of one size.
struct ImageLoading: Sendable, Hashable {
    /// The treatment of images of another aspect ratio.
    enum Fit: Sendable, Hashable {
        case stretch
        /// They are cropped.
        case crop
        /// They are padded with black.
        case pad
    }

    var colorMode: ColorMode
    var height: Int
    var width: Int
    var interpolation: Interpolation
    var fit: Fit
    /// Whether a JPEG may be decoded at a half, a quarter or an eighth of its size, and pixels are
    /// rounded to bytes.
    var isReduced: Bool

    var dtype: DType { isReduced ? .uint8 : .float32 }

    /// The number of bytes of an image.
    var byteCount: Int { height * width * colorMode.channelCount * dtype.byteCount }

    /// Writes the image of a file, `[height, width, channels]` of 0 … 255, over zeros.
    ///
    /// - Parameter target: ``byteCount`` bytes.
    func load(_ path: String, into target: UnsafeMutableRawBufferPointer) throws(DataError) {
        let bytes = try DataFile.read(path, limit: ImageCodecs.pixelLimit * 4)
        let image = try ImageDecoder.decode(
            bytes, file: path, isUpright: true, least: isReduced ? (height, width) : nil)
        try fit(image.converted(to: colorMode), into: target)
    }

    private func fit(
        _ image: Tensor, into target: UnsafeMutableRawBufferPointer
    ) throws(DataError) {
        let (rows, columns) = (image.shape[0], image.shape[1])
        var part = PixelArea(height: rows, width: columns)
        var area = PixelArea(height: height, width: width)
        switch fit {
        case .stretch: break
        case .crop:
            // The largest central crop of about the requested aspect ratio.
            part.height = min(rows, max(columns * height / width, 1))
            part.width = min(columns, max(rows * width / height, 1))
            part.top = (rows - part.height) / 2
            part.left = (columns - part.width) / 2
        case .pad: area = areaForAll(rows, columns)
        }
        try ImageCodecs.resample(
            image, part, interpolation, into: target, dtype, width: width, at: area)
    }

    /// The target rectangle of an image that is padded with black.
    private func areaForAll(_ rows: Int, _ columns: Int) -> PixelArea {
        let ratio = max(Double(columns) / Double(width), Double(rows) / Double(height))
        let (newRows, newColumns) = (Double(rows) / ratio, Double(columns) / ratio)
        let top = max(Int((Double(height) - newRows) / 2), 0)
        let left = max(Int((Double(width) - newColumns) / 2), 0)
        // An image a hundred times longer than wide keeps at least one line.
        return PixelArea(
            top: top, left: left, height: min(max(Int(newRows), 1), height - top),
            width: min(max(Int(newColumns), 1), width - left))
    }
}
