extension Tensor {
    /// The sample as pixels: `uint8` as it is, other types scaled from their range to 0 … 255.
    ///
    /// - Returns: `uint8 [height, width, channels]` with 1, 3 or 4 channels.
    package func asPicture() throws(DataError) -> Tensor {
        let sized = rank == 2 ? (try? expandingDims(at: -1)) ?? self : self
        guard sized.rank == 3, (1...4).contains(sized.shape[2]), count > 0 else {
            throw .unsuitableImage(
                problem: "a sample of shape \(shape) is not an image",
                fix: "give [height, width] or [height, width, channels] with 1 to 4 channels")
        }
        if dtype == .uint8 { return sized }
        let values = sized.scalars
        let finite = values.filter(\.isFinite)
        let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
        // Images in 0 … 1 or 0 … 255 keep their brightness.
        let range: (Float, Float) =
            low >= 0 && high <= 1 ? (0, 1) : low >= 0 && high <= 255 ? (0, 255) : (low, high)
        let scale = 255 / Swift.max(range.1 - range.0, .leastNormalMagnitude)
        let bytes = values.map { value -> UInt8 in
            value.isFinite
                ? UInt8(Swift.min(Swift.max((value - range.0) * scale, 0), 255).rounded()) : 0
        }
        return Tensor(bytes, shape: sized.shape)
    }
}
