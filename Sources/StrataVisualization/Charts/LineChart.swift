/// A line chart over integers.
package struct LineChart {
    package struct Series {
        var name: String
        var colour: Colour
        /// By position on the x axis; NaN leaves a gap.
        var values: [(x: Int, y: Float)]
        var width: Double

        package init(
            name: String, colour: Colour, values: [(x: Int, y: Float)], width: Double = 2
        ) {
            self.name = name
            self.colour = colour
            self.values = values
            self.width = width
        }
    }

    let title: String
    /// In the order in which they are drawn; those of one name and colour share an entry of
    /// the legend.
    let series: [Series]
    /// A marked point, with its label.
    var mark: (x: Int, y: Float, text: String)?

    package init(
        title: String, series: [Series], mark: (x: Int, y: Float, text: String)? = nil
    ) {
        self.title = title
        self.series = series
        self.mark = mark
    }

    /// A note about values that are not finite.
    var remark: String? {
        let bad = series.flatMap(\.values).filter { !$0.y.isFinite }
        guard let first = bad.min(by: { $0.x < $1.x }) else { return nil }
        let value = first.y.isNaN ? "NaN" : "\(first.y)"
        return bad.count == 1
            ? "\(value) in epoch \(first.x)" : "not finite from epoch \(first.x): \(value)"
    }

    /// - Parameters:
    ///   - width: the width of the whole chart with its labels, in points.
    ///   - height: the height, with one line for the legend; further lines are added.
    package func drawing(width: Double = 380, height: Double = 280) -> Drawing {
        let points = series.flatMap(\.values)
        let x = Axis(covering: points.map { Double($0.x) }, count: 8, isWhole: true)
        let y = Axis(covering: points.map { Double($0.y) })
        let left = max(
            52, 20 + (y.ticks.map { Drawing.width(of: y.text($0), size: 11) }.max() ?? 0))
        let legend = legendRows(width: max(width - 18 - left, 60))
        let extra = LineChart.legendHeight * Double(max(legend.count - 1, 0))
        var drawing = Drawing(width: width, height: height + extra)
        let frame = Frame(left, 54 + extra, max(width - 18 - left, 60), height - 92)
        // The label of the mark is in the same line.
        let room = frame.width - (mark.map { 12 + Drawing.width(of: $0.text, size: 11) } ?? 0)
        drawing.text(
            Drawing.shortened(title, to: room / 1.06, size: 15), at: Point(frame.x, 20), size: 15,
            .ink, isBold: true)
        draw(legend, in: &drawing, at: Point(frame.x, 41))
        drawAxes(x, y, frame, in: &drawing)
        func position(_ point: (x: Int, y: Float)) -> Point {
            Point(
                frame.x + frame.width * x.position(Double(point.x)),
                frame.y + frame.height * (1 - y.position(Double(point.y))))
        }
        for series in series {
            let parts = series.values.split { !$0.y.isFinite }
            for part in parts {
                drawing.line(part.map { position($0) }, series.colour, width: series.width)
            }
            // Thin lines have none, unless there would be nothing to see.
            if series.values.count <= (series.width < 2 ? 1 : 12) {
                for point in parts.joined() {
                    drawing.dot(position(point), radius: max(1.3 * series.width, 2), series.colour)
                }
            }
        }
        if let remark {
            drawing.text(
                remark, at: Point(frame.x + frame.width / 2, frame.y + frame.height + 31), size: 11,
                .quiet, anchor: .middle)
        }
        if let mark, mark.y.isFinite {
            let point = position((mark.x, mark.y))
            drawing.dot(point, radius: 5, .white)
            drawing.dot(point, radius: 3.6, .ink)
            // Above the frame, where no curve crosses it.
            drawing.text(
                mark.text, at: Point(frame.x + frame.width, 20), size: 11, .quiet, anchor: .end)
        }
        return drawing
    }

    private static let legendHeight = 18.0

    /// The series in lines of the legend; names that do not fit are shortened.
    private func legendRows(width: Double) -> [[(name: String, colour: Colour, width: Double)]] {
        var rows: [[(name: String, colour: Colour, width: Double)]] = []
        var used = 0.0
        var known = Set<String>()
        for series in series where known.insert(series.colour.code + series.name).inserted {
            let name = Drawing.shortened(series.name, to: width - 23, size: 12)
            let length = 23 + Drawing.width(of: name, size: 12)
            if rows.isEmpty || used + length > width {
                rows.append([])
                used = 0
            }
            rows[rows.count - 1].append((name, series.colour, length))
            used += length + 18
        }
        return rows
    }

    private func draw(
        _ legend: [[(name: String, colour: Colour, width: Double)]], in drawing: inout Drawing,
        at corner: Point
    ) {
        for (row, entries) in legend.enumerated() {
            let y = corner.y + LineChart.legendHeight * Double(row)
            var x = corner.x
            for entry in entries {
                drawing.line([Point(x, y - 4), Point(x + 16, y - 4)], entry.colour, width: 3)
                drawing.text(entry.name, at: Point(x + 23, y), size: 12, .ink)
                x += entry.width + 18
            }
        }
    }

    private func drawAxes(_ x: Axis, _ y: Axis, _ frame: Frame, in drawing: inout Drawing) {
        let (right, bottom) = (frame.x + frame.width, frame.y + frame.height)
        for tick in y.ticks {
            let height = bottom - frame.height * y.position(tick)
            drawing.line([Point(frame.x, height), Point(right, height)], .rule)
            drawing.text(
                y.text(tick), at: Point(frame.x - 8, height + 4), size: 11, .quiet, anchor: .end)
        }
        for tick in x.ticks {
            let position = frame.x + frame.width * x.position(tick)
            drawing.line([Point(position, bottom), Point(position, bottom + 4)], .quiet)
            drawing.text(
                x.text(tick), at: Point(position, bottom + 17), size: 11, .quiet, anchor: .middle)
        }
        drawing.line([Point(frame.x, bottom), Point(right, bottom)], .quiet)
        drawing.text("epoch", at: Point(right, bottom + 31), size: 11, .quiet, anchor: .end)
    }
}
