extension Tensor {
    /// The image in the size and with the channels of a model's input, with values of 0 … 255.
    ///
    /// It is resized as by `image_dataset_from_directory`: bilinearly, without keeping the aspect
    /// ratio.
    ///
    /// - Parameter shape: of the model's input, with the batch dimension; any size may be open.
    /// - Throws: ``DataError/unsuitableImage(problem:fix:)`` if this is not `uint8 [height, width,
    ///   channels]`, or the model takes no images.
    package func fitted(to shape: Shape) throws(DataError) -> Tensor {
        guard (3...4).contains(shape.rank) else {
            throw .unsuitableImage(
                problem: "the model takes \(shape), not pictures",
                fix: "use a model with one Input(shape: [height, width, channels])")
        }
        let channels = shape.rank == 3 ? 1 : shape[3] ?? 3
        guard let mode = ColorMode.allCases.first(where: { $0.channelCount == channels }) else {
            throw .unsuitableImage(
                problem: "the model takes pictures with \(channels) channels",
                fix: "give it tensors: a picture file has 1, 3 or 4 channels")
        }
        let picture = try converted(to: mode)
        guard picture.count > 0 else {
            throw .unsuitableImage(problem: "the picture has no pixels", fix: "give another one")
        }
        let size = [shape[1] ?? picture.shape[0], shape[2] ?? picture.shape[1]]
        let wanted = shape.rank == 3 ? size : size + [channels]
        if size == Array(picture.shape.prefix(2)) {
            return Tensor(storage: picture.storage, shape: wanted)
        }
        guard size[0] > 0, size[1] > 0, size[0] <= ImageCodecs.pixelLimit / size[1] else {
            throw .unsuitableImage(
                problem: "the model takes pictures of \(size[0]) × \(size[1]) pixels",
                fix: "use one for 1 to \(ImageCodecs.pixelLimit) pixels")
        }
        let count = size[0] * size[1] * channels
        var problem: DataError?
        let values = [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(DataError) {
                try ImageCodecs.resample(
                    picture, PixelArea(height: picture.shape[0], width: picture.shape[1]),
                    .bilinear, into: UnsafeMutableRawBufferPointer(buffer), .float32,
                    width: size[1], at: PixelArea(height: size[0], width: size[1]))
                filled = count
            } catch {
                problem = error
            }
        }
        if let problem { throw problem }
        return Tensor(storage: .float32(values), shape: wanted)
    }
}
