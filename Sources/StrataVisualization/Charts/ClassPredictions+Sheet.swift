public import Strata

extension ClassPredictions {
    /// A sheet of the mistakes with the highest confidence: each image with its predicted and its
    /// true class.
    ///
    /// - Parameter count: the maximum number of images.
    /// - Throws: ``DataError`` if the samples are not images.
    public func mistakeSheet(_ count: Int = 15) throws(DataError) -> Drawing {
        let mistakes = mistakes(count)
        let columns = max(1, min(mistakes.count, 5))
        let rows = (mistakes.count + columns - 1) / columns
        let (tile, picture) = (Point(164, 178), 120.0)
        var drawing = Drawing(
            width: max(tile.x * Double(columns) + 30, 440),
            height: 66 + max(tile.y * Double(rows), 40))
        drawing.text(
            "The mistakes it was surest of", at: Point(20, 26), size: 15, .ink, isBold: true)
        drawing.text(
            mistakes.isEmpty
                ? "none" : "red: the predicted class and its probability; black: the true class",
            at: Point(20, 46),
            size: 12, .quiet)
        for (position, mistake) in mistakes.enumerated() {
            let x = 15 + tile.x * Double(position % columns)
            let y = 62 + tile.y * Double(position / columns)
            let pixels = try images.x[mistake.index].asPicture()
            let (height, width) = (Double(pixels.shape[0]), Double(pixels.shape[1]))
            let scale = picture / max(height, width)
            let frame = Frame(
                x + (tile.x - width * scale) / 2, y + (picture - height * scale) / 2,
                width * scale, height * scale)
            try drawing.image(pixels, in: frame)
            drawing.stroke(frame, .rule)
            let middle = x + tile.x / 2
            let percent = "\(Int((mistake.probability * 100).rounded(.down))) %"
            let names = confusionMatrix.classNames
            caption(
                names[mistake.prediction], ": \(percent)", at: Point(middle, y + picture + 17),
                Colour(0xB2182B), in: &drawing)
            caption(
                "true: \(names[mistake.label])", "", at: Point(middle, y + picture + 33), .ink,
                in: &drawing)
        }
        return drawing
    }

    /// A text whose beginning is shortened if it does not fit.
    private func caption(
        _ text: String, _ end: String, at position: Point, _ colour: Colour,
        in drawing: inout Drawing
    ) {
        let room = 156 - Drawing.width(of: end, size: 12)
        drawing.text(
            Drawing.shortened(text, to: room, size: 12) + end, at: position, size: 12, colour,
            anchor: .middle)
    }
}
