extension ReceptiveField: CustomStringConvertible {
    /// `conv2d_1 (Conv2D): 5 × 5 pixels, 1 apart`.
    public var description: String {
        let view =
            extents.map { extents in
                let size = extents.map { "\($0.size)" }.joined(separator: " × ")
                let strides = Set(extents.map(\.stride)).sorted().map(String.init)
                return "\(size) pixels, \(strides.joined(separator: " and ")) apart"
            } ?? "all of the input"
        return "\(layer) (\(className)): \(view)"
    }

    /// Whether the layer looks further than the one before it.
    fileprivate func grows(over other: ReceptiveField?) -> Bool {
        // A single pixel is no field worth a line.
        if extents?.allSatisfy({ $0.size == 1 }) == true { return false }
        return other == nil
            || extents.map { $0.map(\.size) } != other?.extents.map { $0.map(\.size) }
            || extents.map { $0.map(\.stride) } != other?.extents.map { $0.map(\.stride) }
    }
}

extension Model {
    /// How receptive fields grow: what the place in the middle of each layer's output sees, drawn over a
    /// picture, and a list of sizes.
    ///
    /// Layers that see what the one before them sees are left out.
    ///
    /// - Parameter sample: a picture as the model takes it.
    /// - Throws: a ``ModelError`` where the model does not know its input's size, or the picture does not
    ///   fit it; ``DataError`` where the input is no picture.
    public func receptiveFieldDrawing(over sample: Tensor) throws -> Drawing {
        let pixels = try batch(of: sample)[0].asPicture()
        var fields: [ReceptiveField] = []
        for field in try receptiveFields() where field.grows(over: fields.last) {
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
            "What one place of a layer sees", at: Point(20, 28), size: 15, .ink, isBold: true)
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
        // The largest first, so that small ones stay seen.
        for (index, field) in fields.enumerated().reversed() {
            guard let extents = field.extents, extents.count == 2,
                field.outputSize.count == 2
            else { continue }
            let share = fields.count > 1 ? Double(index) / Double(fields.count - 1) : 0
            let colour = ColourMap.heat.colour(0.35 + 0.55 * (1 - share))
            let corner = zip(zip(extents, field.outputSize), pixels.shape).map { field, length in
                Self.middle(field.0, of: field.1, over: length)
            }
            drawing.stroke(
                Self.clipped(
                    Frame(
                        frame.x + Double(corner[1]) * scale, frame.y + Double(corner[0]) * scale,
                        Double(extents[1].size) * scale, Double(extents[0].size) * scale), frame),
                colour, width: 2)
        }
        return drawing
    }

    /// The first pixel of the field, among `count` ones, whose middle is nearest to that of the picture.
    private static func middle(
        _ extent: ReceptiveField.Extent, of count: Int, over length: Int
    ) -> Int {
        let first = Double(extent.start) + Double(extent.size) / 2
        let place = ((Double(length) / 2 - first) / Double(extent.stride)).rounded()
        return extent.start + min(max(Int(place), 0), count - 1) * extent.stride
    }

    private static func clipped(_ frame: Frame, _ limits: Frame) -> Frame {
        let left = max(frame.x, limits.x)
        let top = max(frame.y, limits.y)
        return Frame(
            left, top, min(frame.x + frame.width, limits.x + limits.width) - left,
            min(frame.y + frame.height, limits.y + limits.height) - top)
    }
}
