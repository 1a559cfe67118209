extension Drawing {
    /// A horizontal text, and the centre of its height.
    package struct Label: Sendable, Hashable {
        package var text: String
        package var position: Point
        package var anchor: Anchor
    }

    /// The horizontal texts, and the drawing without them: for output that cannot draw letters.
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
            let middle = Point(text.position.x, text.position.y - 0.36 * text.size)
            labels.append(Label(text: text.string, position: middle, anchor: text.anchor))
        }
        return (labels, rest)
    }
}
