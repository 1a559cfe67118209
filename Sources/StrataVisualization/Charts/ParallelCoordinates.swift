/// A chart of samples with many quantities: a vertical axis for each quantity, and a line for each
/// sample through its values (Inselberg, 1985).
///
/// A line is coloured by its value on the last axis. Where a sample has no value, its line goes
/// through the mark `–` below the axis.
package struct ParallelCoordinates {
    package struct Axis: Sendable, Hashable {
        package var name: String
        package var scale: AxisScale

        package init(name: String, scale: AxisScale) {
            self.name = name
            self.scale = scale
        }
    }

    package let title: String
    package let axes: [Axis]
    /// The values of each sample on the axes, in the order in which they are drawn.
    package let lines: [[Double?]]
    /// The index of the line that is drawn thick, over the others, and its name.
    package var highlighted: (line: Int, name: String)?
    /// Further entries of the legend.
    package var notes: [String] = []
    /// The colour of a position on the last axis, from 0, its lower end, to 1.
    package let colour: (Double) -> Colour

    package init(
        title: String, axes: [Axis], lines: [[Double?]], colour: @escaping (Double) -> Colour
    ) {
        self.title = title
        self.axes = axes
        self.lines = lines
        self.colour = colour
    }

    private static let highlight = Colour.series[1]
    /// Between two axes.
    private static let gap = 100.0
    private static let height = 320.0

    /// The chart, wider with more axes.
    package func drawing() -> Drawing {
        let names = nameRows
        let layout = layout(names: names)
        var drawing = Drawing(width: layout.width, height: layout.bottom + 52)
        drawing.text(
            Drawing.shortened(title, to: (layout.width - 40) / 1.06, size: 15), at: Point(20, 28),
            size: 15, .ink, isBold: true)
        drawLegend(in: &drawing)
        drawLines(layout, in: &drawing)
        for (index, axis) in axes.enumerated() {
            let x = layout.x(index)
            drawTicks(of: index, layout, in: &drawing)
            let name = names[index]
            drawing.text(
                name.text, at: Point(x, layout.top - 14 - 16 * Double(name.row)), size: 12, .ink,
                anchor: .middle, isBold: axis == axes.last)
        }
        if let last = axes.indices.last, lines.contains(where: { $0[last] != nil }) {
            // The ticks of the last axis are those of the colours.
            drawing.colourBar(
                in: Frame(layout.x(last) + 8, layout.top, 14, Self.height), texts: [],
                colour: colour)
        }
        return drawing
    }

    private struct Layout {
        let left: Double
        let width: Double
        let top: Double
        var bottom: Double { top + ParallelCoordinates.height }
        /// The height of samples without value.
        var missing: Double { bottom + 26 }

        func x(_ axis: Int) -> Double { left + ParallelCoordinates.gap * Double(axis) }
    }

    private func layout(names: [(text: String, row: Int)]) -> Layout {
        let half = { (name: (text: String, row: Int)?) in
            (name.map { Drawing.width(of: $0.text, size: 12) * 1.06 } ?? 0) / 2
        }
        let labels = axes.first?.scale.ticks.map {
            Drawing.width(of: Self.shortened($0.text), size: 11)
        }
        let second = names.count > 1 && names[1].row > 0 ? half(names[1]) - Self.gap : 0
        let left = 20 + max(12 + (labels?.max() ?? 0), half(names.first), second)
        let right = max(half(names.last) + 12, 42)
        let width = left + Self.gap * Double(max(axes.count - 1, 0)) + right
        let rows = names.map(\.row).max() ?? 0
        return Layout(
            left: left, width: max(width, legendWidth + 40, 380), top: 88 + 16 * Double(rows))
    }

    /// The names of the axes; if one is wider than its axis's place, they alternate between two
    /// rows.
    private var nameRows: [(text: String, row: Int)] {
        let widest = axes.map { Drawing.width(of: $0.name, size: 12) }.max() ?? 0
        let rows = widest > Self.gap - 14 ? 2 : 1
        return axes.enumerated().map { index, axis in
            let room = Self.gap * Double(rows) - 14
            return (Drawing.shortened(axis.name, to: room, size: 12), index % rows)
        }
    }

    private static func shortened(_ label: String) -> String {
        Drawing.shortened(label, to: gap - 28, size: 11)
    }

    // MARK: Lines

    private func drawLines(_ layout: Layout, in drawing: inout Drawing) {
        let width = lines.count <= 40 ? 1.5 : lines.count <= 150 ? 1.1 : 0.8
        for (index, line) in lines.enumerated() where index != highlighted?.line {
            let colour = line.last.flatMap { $0 }.map { value in
                self.colour(axes[line.count - 1].scale.position(of: value))
            }
            drawing.line(points(line, layout), colour ?? .rule, width: width)
        }
        guard let highlighted, lines.indices.contains(highlighted.line) else { return }
        let points = points(lines[highlighted.line], layout)
        drawing.line(points, .white, width: 5)
        drawing.line(points, Self.highlight, width: 2.6)
        for point in points { drawing.dot(point, radius: 3.4, Self.highlight) }
    }

    private func points(_ line: [Double?], _ layout: Layout) -> [Point] {
        zip(axes, line).enumerated().map { index, pair in
            let y = pair.1.map { value in
                layout.bottom - Self.height * pair.0.scale.position(of: value)
            }
            return Point(layout.x(index), y ?? layout.missing)
        }
    }

    // MARK: Text

    private func drawTicks(of index: Int, _ layout: Layout, in drawing: inout Drawing) {
        let x = layout.x(index)
        drawing.line([Point(x, layout.top), Point(x, layout.bottom)], .ink, width: 1.2)
        let ticks = axes[index].scale.ticks
        // Labels are 14 points high.
        let step = Int(Double(ticks.count) * 14 / Self.height) + 1
        for (number, tick) in ticks.enumerated() where number % step == 0 {
            let y = layout.bottom - Self.height * tick.position
            drawLabel(Self.shortened(tick.text), at: Point(x, y), in: &drawing)
        }
        if lines.contains(where: { $0[index] == nil }) {
            drawLabel("–", at: Point(x, layout.missing), in: &drawing)
        }
    }

    /// A label left of its tick, on white, since lines cross it.
    private func drawLabel(_ text: String, at point: Point, in drawing: inout Drawing) {
        let width = Drawing.width(of: text, size: 11)
        drawing.line([Point(point.x - 4, point.y), point], .ink, width: 1.2)
        drawing.fill(Frame(point.x - 10 - width, point.y - 7, width + 5, 14), .white, radius: 2)
        drawing.text(text, at: Point(point.x - 7, point.y + 4), size: 11, .ink, anchor: .end)
    }

    private var legend: [String] { (highlighted.map { [$0.name] } ?? []) + notes }

    private var legendWidth: Double {
        legend.reduce(0) { $0 + Drawing.width(of: $1, size: 12) + 20 }
            + (highlighted == nil ? 0 : 24)
    }

    private func drawLegend(in drawing: inout Drawing) {
        var x = 20.0
        if highlighted != nil {
            drawing.line([Point(x, 46), Point(x + 16, 46)], Self.highlight, width: 2.6)
            x += 24
        }
        for (index, text) in legend.enumerated() {
            let isName = index == 0 && highlighted != nil
            drawing.text(text, at: Point(x, 50), size: 12, isName ? .ink : .quiet)
            x += Drawing.width(of: text, size: 12) + 20
        }
    }
}
