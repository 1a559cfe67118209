public import Strata

extension Saliency {
    /// The image, the map, and the map as an overlay, with a colour bar.
    ///
    /// Without evidence for the class, the drawing has the reason, and no colours.
    ///
    /// - Parameters:
    ///   - sample: the image as the model's input.
    ///   - className: the class name.
    /// - Throws: ``DataError`` if the sample is not an image.
    public func drawing(over sample: Tensor, className: String? = nil) throws -> Drawing {
        let pixels = try sample.asPicture().converted(to: .rgb)
        let side = 240.0
        let scale = side / Double(max(pixels.shape[0], pixels.shape[1], 1))
        let (width, height) = (Double(pixels.shape[1]) * scale, Double(pixels.shape[0]) * scale)
        let title = "\(method.rawValue): what speaks for \(className ?? "class \(classIndex)")"
        let note = "the model gives it \(score.shortText); \(absence ?? explanation)"
        var drawing = Drawing(
            width: max(
                (absence == nil ? 3 * width + 150 : 2 * width + 56),
                40 + Drawing.width(of: title, size: 15) * 1.06,
                40 + Drawing.width(of: note, size: 12)),
            height: height + 104)
        drawing.text(title, at: Point(20, 26), size: 15, .ink, isBold: true)
        drawing.text(note, at: Point(20, 46), size: 12, .quiet)
        let size = map.shape.map(String.init).joined(separator: " × ")
        let names = ["the picture", "the map, \(size)", "the map over the picture"]
        let largest = map.scalars.max() ?? 0
        let shares = Tensor(
            map.scalars.map { absence == nil ? max($0, 0) / largest : 0 }, shape: map.shape)
        let pictures =
            absence == nil
            ? [pixels, shares.coloured(.heat, (0, 1)), try blended(pixels, shares)]
            : [pixels, shares.coloured(.heat, (0, 0))]
        for (index, picture) in pictures.enumerated() {
            let frame = Frame(20 + (width + 16) * Double(index), 60, width, height)
            try drawing.image(picture, in: frame)
            drawing.stroke(frame, .quiet)
            drawing.text(
                Drawing.shortened(names[index], to: width + 10, size: 12),
                at: Point(frame.x + width / 2, frame.y + height + 20), size: 12, .ink,
                anchor: .middle)
        }
        if absence == nil {
            drawing.colourBar(
                in: Frame(3 * width + 66, 60, 14, height),
                texts: (0...4).map { (largest * Float($0) / 4).shortText },
                colour: ColourMap.heat.colour)
        } else {
            drawing.text(
                "no evidence", at: Point(20 + width + 16 + width / 2, 64 + height / 2), size: 14,
                .ink, anchor: .middle, isBold: true)
        }
        return drawing
    }

    private var explanation: String {
        switch method {
        case .gradCAM: "colours: where the layer's maps raise it, as a share of the most"
        case .occlusion: "colours: by how much it falls if that part is covered"
        }
    }

    /// Both at least 256 pixels, so that the map is smooth over small images too.
    private func blended(_ pixels: Tensor, _ shares: Tensor) throws -> Tensor {
        let factor = max(1, 256 / max(pixels.shape[0], pixels.shape[1], 1))
        let size = [pixels.shape[0] * factor, pixels.shape[1] * factor]
        let heat = try shares.reshaped(map.shape + [1]).resized(to: SpatialSize(size)).scalars
        let source = pixels.scalars
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size[0] * size[1] * 3)
        for position in heat.indices {
            let (row, column) = (position / size[1] / factor, position % size[1] / factor)
            let from = (row * pixels.shape[1] + column) * 3
            let grey = 0.299 * source[from] + 0.587 * source[from + 1] + 0.114 * source[from + 2]
            let share = Double(min(max(heat[position], 0), 1))
            // The image is dimmed, so that its bright parts are not mistaken for the map's.
            let level = UInt8(min(max(grey * 0.55, 0), 255))
            let mixed = Colour(level, level, level).mixed(
                with: ColourMap.heat.colour(share), 0.15 + 0.65 * share.squareRoot())
            bytes += [mixed.red, mixed.green, mixed.blue]
        }
        return Tensor(bytes, shape: size + [3])
    }
}
