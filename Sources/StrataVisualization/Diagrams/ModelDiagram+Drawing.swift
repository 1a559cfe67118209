extension ModelDiagram {
    private static let font = 12.0
    private static let row = 22.0
    private static let padding = 10.0
    private static let margin = 20.0
    /// The padding within a frame; above it the name.
    private static let inset = 12.0
    private static let heading = 24.0

    /// The drawn elements with their positions.
    private struct Scene {
        var extent = Point(0, 0)
        var routes: [[Point]] = []
        var boxes: [(number: Int, frame: Frame)] = []
        /// Nested models, each before its own nested models.
        var groups: [(number: Int, frame: Frame)] = []
    }

    /// The diagram, laid out by ``LayeredLayout``: a nested model is one box of the whole, and has
    /// its own layout.
    func drawing() -> Drawing {
        let scene = scene(of: nil)
        var drawing = Drawing(
            width: scene.extent.x + 2 * Self.margin, height: scene.extent.y + 2 * Self.margin)
        let corner = Point(Self.margin, Self.margin)
        for (number, frame) in scene.groups {
            let frame = frame.moved(by: corner)
            drawing.fill(frame, depth(of: number) % 2 == 0 ? .shade : .white)
            drawing.stroke(frame, .quiet)
            drawing.text(
                groups[number].name, at: Point(frame.x + 8, frame.y + 15), size: Self.font, .quiet)
        }
        for route in scene.routes { arrow(route.map { $0 + corner }, in: &drawing) }
        for (number, frame) in scene.boxes {
            draw(boxes[number], frame.moved(by: corner), in: &drawing)
        }
        return drawing
    }

    private func scene(of group: Int?) -> Scene {
        let own = group.map { groups[$0].boxes } ?? boxes.indices.filter { home(of: $0) == nil }
        let inner = groups.indices.filter { groups[$0].parent == group }
        let scenes = inner.map { scene(of: $0) }
        let sizes =
            own.map { size(boxes[$0]) }
            + zip(inner, scenes).map { number, scene in
                let title = Drawing.width(of: groups[number].name, size: Self.font) + 16
                return Point(
                    max(scene.extent.x + 2 * Self.inset, title),
                    scene.extent.y + Self.inset + Self.heading)
            }
        var inside: [(from: Int, to: Int)] = []
        for edge in edges {
            guard let from = member(edge.from, of: group, own, inner),
                let to = member(edge.to, of: group, own, inner), from != to,
                !inside.contains(where: { $0 == (from, to) })
            else { continue }
            inside.append((from, to))
        }
        let layout = LayeredLayout(sizes: sizes.map(turned), edges: inside)
        var result = Scene(extent: turned(layout.extent))
        result.routes = layout.routes.map { $0.map(turned) }
        for (index, size) in sizes.enumerated() {
            let centre = turned(layout.centres[index])
            let frame = Frame(centre.x - size.x / 2, centre.y - size.y / 2, size.x, size.y)
            guard index >= own.count else {
                result.boxes.append((own[index], frame))
                continue
            }
            let (number, scene) = (inner[index - own.count], scenes[index - own.count])
            let corner = Point(frame.x + Self.inset, frame.y + Self.heading)
            result.groups.append((number, frame))
            result.groups += scene.groups.map { ($0.number, $0.frame.moved(by: corner)) }
            result.boxes += scene.boxes.map { ($0.number, $0.frame.moved(by: corner)) }
            result.routes += scene.routes.map { $0.map { $0 + corner } }
        }
        return result
    }

    /// The nested model that directly contains a box.
    private func home(of box: Int) -> Int? { groups.firstIndex { $0.boxes.contains(box) } }

    private func depth(of group: Int) -> Int {
        groups[group].parent.map { depth(of: $0) + 1 } ?? 0
    }

    /// The index, among a model's boxes and nested models, of the one that is or contains a box.
    private func member(_ box: Int, of group: Int?, _ own: [Int], _ inner: [Int]) -> Int? {
        var position = home(of: box)
        if position == group { return own.firstIndex(of: box) }
        while let current = position, groups[current].parent != group {
            position = groups[current].parent
        }
        return position.flatMap { inner.firstIndex(of: $0) }.map { own.count + $0 }
    }

    private func turned(_ point: Point) -> Point {
        options.isLeftToRight ? Point(point.y, point.x) : point
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

extension Frame {
    fileprivate func moved(by step: Point) -> Frame {
        Frame(x + step.x, y + step.y, width, height)
    }
}
