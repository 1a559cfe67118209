internal import StrataGraph

/// The axes and sizes of an image that is resized or cropped.
struct AspectRatio {
    let height: Int
    let width: Int
    /// The height's axis; the width's is the next.
    let axis: Int

    /// - Throws: if `shape` is not a batch of images, or the size is not positive.
    init(_ shape: Shape, height: Int, width: Int, _ format: DataFormat) throws(GraphError.Problem) {
        try shape.checkImage(2)
        let size = try SpatialSize([height, width]).expanded(2, name: "height and width")
        self.height = size[0]
        self.width = size[1]
        axis = format == .channelsLast ? 1 : 2
    }

    /// The output shape.
    func result(_ shape: Shape) -> Shape {
        var result = shape
        result[axis] = height
        result[axis + 1] = width
        return result
    }

    /// The height and width of an image of known size in this aspect ratio, with one side kept.
    private func wanted(_ image: SymbolicTensor) -> (own: (Int, Int), wanted: (Int, Int)) {
        let (rows, columns) = (image.shape[axis] ?? 1, image.shape[axis + 1] ?? 1)
        return (
            (rows, columns),
            (
                Int(Double(columns * height) / Double(width)),
                Int(Double(rows * width) / Double(height))
            )
        )
    }

    /// The largest central crop of an image with this aspect ratio.
    func cropped(_ image: SymbolicTensor) -> SymbolicTensor {
        let (own, wanted) = wanted(image)
        return middle(
            image, rows: max(min(own.0, wanted.0), 1), columns: max(min(own.1, wanted.1), 1))
    }

    /// A central crop of an image.
    func middle(_ image: SymbolicTensor, rows: Int, columns: Int) -> SymbolicTensor {
        var start = image.shape.dimensions.map { _ in 0 }
        var sizes = image.shape.known ?? []
        guard sizes.count == start.count else { return image }
        start[axis] = (sizes[axis] - rows) / 2
        start[axis + 1] = (sizes[axis + 1] - columns) / 2
        sizes[axis] = rows
        sizes[axis + 1] = columns
        return image.sliced(from: start, sizes: sizes)
    }

    /// An image padded at both ends of its shorter side towards this aspect ratio.
    func padded(_ image: SymbolicTensor, value: Float) -> SymbolicTensor {
        let (own, wanted) = wanted(image)
        let rows = (max(own.0, wanted.0) - own.0) / 2
        let columns = (max(own.1, wanted.1) - own.1) / 2
        var margins = image.shape.dimensions.map { _ in 0 }
        if rows > 0 { margins[axis] = rows } else { margins[axis + 1] = columns }
        return image.padded(before: margins, after: margins, value: value)
    }
}
