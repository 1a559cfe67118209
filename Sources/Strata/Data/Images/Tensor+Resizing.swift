extension Tensor {
    /// The image resized by bilinear interpolation.
    ///
    /// The same values as Keras's `ops.image.resize(interpolation="bilinear", antialias=False)`,
    /// which `image_dataset_from_directory` uses: with half-pixel centres and repeated edge pixels.
    /// The aspect ratio is not kept.
    ///
    /// - Parameter size: height and width, or one number for both.
    /// - Returns: `float32` of shape `[height, width, channels]`, in the image's own range.
    /// - Throws: ``DataError/unsuitableImage(problem:fix:)`` where this is not `[height, width,
    ///   channels]` with at least one pixel, or `size` is not positive.
    public func resized(to size: SpatialSize) throws(DataError) -> Tensor {
        guard rank == 3, shape[0] > 0, shape[1] > 0 else {
            throw .unsuitableImage(
                problem: "a tensor of shape \(shape) is not an image",
                fix: "give [height, width, channels], all above 0")
        }
        let wanted: [Int]
        do throws(GraphError.Problem) {
            wanted = try size.expanded(2, name: "size")
        } catch {
            throw .unsuitableImage(problem: error.sentence, fix: error.fix)
        }
        let (height, width) = (wanted[0], wanted[1])
        guard height <= ImageCodecs.pixelLimit / width else {
            throw .unsuitableImage(
                problem: "\(height) × \(width) pixels are too many",
                fix: "ask for at most \(ImageCodecs.pixelLimit)")
        }
        let rows = Tensor.neighbours(from: shape[0], to: height)
        let columns = Tensor.neighbours(from: shape[1], to: width)
        let channels = shape[2]
        let source = scalars
        let sourceRow = shape[1] * channels
        var result = [Float](repeating: 0, count: height * width * channels)
        var next = 0
        for row in rows {
            for column in columns {
                for channel in 0..<channels {
                    let upper = row.low * sourceRow + channel
                    let lower = row.high * sourceRow + channel
                    let top =
                        source[upper + column.low * channels] * (1 - column.weight)
                        + source[upper + column.high * channels] * column.weight
                    let bottom =
                        source[lower + column.low * channels] * (1 - column.weight)
                        + source[lower + column.high * channels] * column.weight
                    result[next] = top * (1 - row.weight) + bottom * row.weight
                    next += 1
                }
            }
        }
        return Tensor(result, shape: [height, width, channels])
    }

    /// For each output index, the two input indices around it and the weight of the second.
    private static func neighbours(
        from old: Int, to new: Int
    ) -> [(low: Int, high: Int, weight: Float)] {
        let taps = Interpolation.bilinear.taps(from: old, to: new)
        return taps.first.enumerated().map { index, first in
            let low = Int(first)
            return taps.count == 2 ? (low, low + 1, taps.weights[2 * index + 1]) : (low, low, 0)
        }
    }
}
