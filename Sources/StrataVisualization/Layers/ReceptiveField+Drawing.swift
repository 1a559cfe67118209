public import Strata

extension ReceptiveField {
    /// Whether the receptive field is larger than that of the layer before.
    fileprivate func grows(over other: ReceptiveField?) -> Bool {
        // A single pixel is not shown.
        if extents?.allSatisfy({ $0.size == 1 }) == true { return false }
        return other == nil
            || extents.map { $0.map(\.size) } != other?.extents.map { $0.map(\.size) }
            || extents.map { $0.map(\.stride) } != other?.extents.map { $0.map(\.stride) }
    }
}

extension Model {
    /// A drawing of receptive fields: those of the central position of each layer's output, over an
    /// image, and a list of sizes.
    ///
    /// Layers with the receptive field of the one before are left out.
    ///
    /// - Parameter sample: an image as the model's input.
    /// - Throws: a ``ModelError`` if the image does not fit the model; ``DataError`` if the input
    ///   is not an image.
    public func receptiveFieldDrawing(over sample: Tensor) throws -> Drawing {
        let pixels = try batch(of: sample)[0].asPicture()
        var fields: [ReceptiveField] = []
        for field in try receptiveFields(over: sample) where field.grows(over: fields.last) {
            fields.append(field)
        }
        let (side, row, top) = (300.0, 30.0, 60.0)
        let scale = side / Double(max(pixels.shape[0], pixels.shape[1]))
        let frame = Frame(
            20, top, Double(pixels.shape[1]) * scale, Double(pixels.shape[0]) * scale)
        let names = fields.map { "\($0.layer) (\($0.className))" }
        let nameWidth = names.map { Drawing.width(of: $0, size: 12) }.max() ?? 0
        let left = frame.x + side + 40
        let bars = left + nameWidth + 20
        var drawing = Drawing(
            width: bars + 330, height: max(top + side, top + row * Double(fields.count)) + 20)
        drawing.text(
            "What one position of a layer sees", at: Point(20, 28), size: 15, .ink, isBold: true)
        try drawing.image(pixels, in: frame)
        drawing.stroke(frame, .quiet)
        let longest = Double(max(pixels.shape[0], pixels.shape[1]))
        for (index, field) in fields.enumerated() {
            let share = fields.count > 1 ? Double(index) / Double(fields.count - 1) : 0
            let colour = ColourMap.heat.colour(0.35 + 0.55 * (1 - share))
            let y = top + row * Double(index)
            drawing.text(names[index], at: Point(left, y + 14), size: 12, .ink)
            let size = field.extents?.first.map { Double($0.size) } ?? longest
            drawing.fill(Frame(bars, y + 3, 160 * min(size / longest, 1), 14), colour)
            drawing.text(
                field.extents.map { extents in
                    extents.map { "\($0.size)" }.joined(separator: " × ")
                        + ", every \(extents.first?.stride ?? 1)"
                } ?? "all", at: Point(bars + 172, y + 14), size: 12, .ink)
        }
        // The largest first, so that small ones stay visible.
        for (index, field) in fields.enumerated().reversed() {
            guard let square = field.middle(over: pixels.shape) else { continue }
            let share = fields.count > 1 ? Double(index) / Double(fields.count - 1) : 0
            let colour = ColourMap.heat.colour(0.35 + 0.55 * (1 - share))
            drawing.stroke(
                Frame(
                    frame.x + square.x * scale, frame.y + square.y * scale, square.width * scale,
                    square.height * scale
                ).clipped(to: frame), colour, width: 2)
        }
        return drawing
    }
}

extension ReceptiveField {
    /// The receptive field of the central position, in pixels; `nil` if it is the whole image.
    func middle(over shape: [Int]) -> Frame? {
        guard let extents, extents.count == 2, outputSize.count == 2, shape.count > 1 else {
            return nil
        }
        let corner = (0..<2).map { axis in
            ReceptiveField.middle(extents[axis], of: outputSize[axis], over: shape[axis])
        }
        return Frame(
            Double(corner[1]), Double(corner[0]), Double(extents[1].size), Double(extents[0].size))
    }

    /// The first pixel of the field, among `count`, whose centre is nearest to that of the image.
    private static func middle(
        _ extent: ReceptiveField.Extent, of count: Int, over length: Int
    ) -> Int {
        let first = Double(extent.start) + Double(extent.size) / 2
        let position = ((Double(length) / 2 - first) / Double(extent.stride)).rounded()
        return extent.start + min(max(Int(position), 0), max(count - 1, 0)) * extent.stride
    }
}

extension Frame {
    /// The intersection with another rectangle.
    func clipped(to limits: Frame) -> Frame {
        let (left, top) = (max(x, limits.x), max(y, limits.y))
        return Frame(
            left, top, max(min(x + width, limits.x + limits.width) - left, 0),
            max(min(y + height, limits.y + limits.height) - top, 0))
    }
}
