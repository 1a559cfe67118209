public import Strata

extension Drawing {
    /// The drawing as pixels.
    ///
    /// - Parameter scale: pixels per point; 2 is sharp on current screens. It is reduced if there
    ///   would be too many pixels.
    /// - Returns: `uint8 [height · scale, width · scale, 3]`.
    public func pixels(scale: Double = 2) -> Tensor {
        let most = (Double(ImageCodecs.pixelLimit) / (width * height)).squareRoot()
        let wanted = scale > 0 && scale.isFinite ? scale : 1
        return Rasterizer(self, scale: min(wanted, most)).tensor
    }

    /// The drawing as a PNG file's bytes.
    ///
    /// - Parameter scale: pixels per point.
    /// - Throws: ``DataError`` if it is too large for PNG.
    public func png(scale: Double = 2) throws(DataError) -> [UInt8] {
        try ImageEncoder.png(pixels(scale: scale))
    }

    /// Writes the drawing to a file: SVG if the name ends in `.svg`, otherwise PNG.
    ///
    /// - Throws: ``DataError`` for another extension, or if the file cannot be written.
    public func write(to path: String) throws {
        let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        let bytes: [UInt8]
        switch ending {
        case "svg": bytes = Array(try svg().utf8)
        case "png": bytes = try png()
        default:
            throw DataError.invalidArgument(
                "\(path) is neither a .png nor a .svg", fix: "let its name end in one of them")
        }
        try FileContents.write(bytes, to: path)
    }
}
