extension ModelDiagram {
    private static let font = 12.0
    private static let row = 22.0
    private static let padding = 10.0
    private static let margin = 20.0

    /// The diagram, laid out by ``LayeredLayout``.
    func drawing() -> Drawing {
        let sizes = boxes.map(size)
        let layout = LayeredLayout(
            sizes: sizes.map { isFlipped ? Point($0.y, $0.x) : $0 }, edges: edges)
        let extent = turned(layout.extent)
        var drawing = Drawing(
            width: extent.x + 2 * Self.margin, height: extent.y + 2 * Self.margin)
        for route in layout.routes { arrow(route.map(placed), in: &drawing) }
        for (number, box) in boxes.enumerated() {
            let centre = placed(layout.centres[number])
            let size = sizes[number]
            draw(
                box, Frame(centre.x - size.x / 2, centre.y - size.y / 2, size.x, size.y),
                in: &drawing)
        }
        return drawing
    }

    private var isFlipped: Bool { options.isLeftToRight }

    private func turned(_ point: Point) -> Point { isFlipped ? Point(point.y, point.x) : point }

    private func placed(_ point: Point) -> Point {
        turned(point) + Point(Self.margin, Self.margin)
    }

    private func keyWidth(_ box: Box) -> Double {
        (box.lines.map { Drawing.width(of: $0.key, size: Self.font) }.max() ?? 0) + 18
    }

    private func size(_ box: Box) -> Point {
        let title = Drawing.width(of: box.title, size: 13) * 1.06
        let values = box.lines.map { Drawing.width(of: $0.value, size: Self.font) * 1.06 }
        let body = box.lines.isEmpty ? 0 : keyWidth(box) + (values.max() ?? 0)
        return Point(
            (max(title, body) + 2 * Self.padding).rounded(.up),
            26 + (box.lines.isEmpty ? 0 : Self.row * Double(box.lines.count) + 6))
    }

    private func draw(_ box: Box, _ frame: Frame, in drawing: inout Drawing) {
        drawing.fill(frame, .white)
        drawing.fill(Frame(frame.x, frame.y, frame.width, 26), .ink)
        drawing.text(
            box.title, at: Point(frame.x + frame.width / 2, frame.y + 18), size: 13, .white,
            anchor: .middle, isBold: true)
        let values = frame.x + Self.padding + keyWidth(box)
        for (index, line) in box.lines.enumerated() {
            let y = frame.y + 26 + Self.row * Double(index) + 18
            drawing.text(
                line.key, at: Point(frame.x + Self.padding, y), size: Self.font, .quiet)
            drawing.text(line.value, at: Point(values, y), size: Self.font, .ink, isBold: true)
        }
        drawing.stroke(frame, .ink)
    }

    /// A line with a head at its end.
    private func arrow(_ points: [Point], in drawing: inout Drawing) {
        guard let end = points.last, points.count > 1 else { return }
        let before = points[points.count - 2]
        let (dx, dy) = (end.x - before.x, end.y - before.y)
        let length = max((dx * dx + dy * dy).squareRoot(), 1e-6)
        let (ux, uy) = (dx / length, dy / length)
        let neck = Point(end.x - 9 * ux, end.y - 9 * uy)
        drawing.line(points.dropLast() + [neck], .ink, width: 1.2)
        drawing.polygon(
            [
                end, Point(neck.x - 4 * uy, neck.y + 4 * ux),
                Point(neck.x + 4 * uy, neck.y - 4 * ux),
            ],
            .ink)
    }
}
