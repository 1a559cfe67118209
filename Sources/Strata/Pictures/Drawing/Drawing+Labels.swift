extension Drawing {
    /// A text that runs along a row, and the middle of its height.
    package struct Label: Sendable, Hashable {
        package var text: String
        package var place: Point
        package var anchor: Anchor
    }

    /// The texts that run along rows, and the drawing without any: for where letters cannot be drawn.
    package func separatingLabels() -> (labels: [Label], rest: Drawing) {
        var labels: [Label] = []
        var rest = Drawing(width: width, height: height, background: background)
        for shape in shapes {
            guard case .text(let text) = shape else {
                rest.add(shape)
                continue
            }
            if text.isUpward { continue }
            // Capitals are 0.72 of the size high.
            let middle = Point(text.place.x, text.place.y - 0.36 * text.size)
            labels.append(Label(text: text.string, place: middle, anchor: text.anchor))
        }
        return (labels, rest)
    }
}
