import Strata

/// Images drawn with characters, side by side, with their predictions below.
struct PictureGallery {
    private static let gap = 2
    private static let maximumColumns = 5
    private static let widths = 8...64

    private let predictions: [Prediction]

    init(_ predictions: [Prediction]) {
        self.predictions = predictions
    }

    func text(for terminal: Terminal) throws -> String {
        let room =
            (terminal.width + PictureGallery.gap)
            / (PictureGallery.widths.lowerBound + PictureGallery.gap)
        let columns = max(1, min(predictions.count, PictureGallery.maximumColumns, room))
        let free = (terminal.width + PictureGallery.gap) / columns - PictureGallery.gap
        let width = min(
            max(free, PictureGallery.widths.lowerBound), PictureGallery.widths.upperBound)
        return try stride(from: 0, to: predictions.count, by: columns).map { start in
            let row = predictions[start..<min(start + columns, predictions.count)]
            let blocks = try row.map { try block($0, width: width, terminal) }
            let height = blocks.map(\.count).max() ?? 0
            let blank = String(repeating: " ", count: width)
            let gap = String(repeating: " ", count: PictureGallery.gap)
            return (0..<height).map { line in
                blocks.map { line < $0.count ? $0[line] : blank }.joined(separator: gap)
            }.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    /// Lines of `width` characters: the image, then its prediction.
    private func block(
        _ prediction: Prediction, width: Int, _ terminal: Terminal
    ) throws -> [String] {
        let picture = prediction.picture
        let best = prediction.best
        let isRight = picture.label == best
        let percent = prediction.percent(prediction.probabilities[best])
        var caption = [prediction.name(best), isRight ? "\(percent) right" : percent]
        if picture.label == nil {
            caption.insert(String(picture.name.split(separator: "/").last ?? ""), at: 0)
        }
        if let label = picture.label, !isRight { caption.append("true: \(prediction.name(label))") }
        let drawing = try CharacterPicture(picture.pixels, width: width)
        return drawing.lines(hasColours: terminal.hasColours)
            + caption.map { $0.shortened(toColumns: width).padded(toColumns: width) }
    }
}
