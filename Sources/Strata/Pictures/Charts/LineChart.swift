/// Curves over whole numbers, in one frame.
struct LineChart {
    struct Series {
        var name: String
        var colour: Colour
        /// By place on the x axis; what is no number leaves a hole.
        var values: [(x: Int, y: Float)]
    }

    let title: String
    let series: [Series]
    /// A point to point out, with its text.
    var mark: (x: Int, y: Float, text: String)?

    /// - Parameters:
    ///   - width: of the whole chart with its numbers, in points.
    ///   - height: likewise.
    func drawing(width: Double = 380, height: Double = 280) -> Drawing {
        var drawing = Drawing(width: width, height: height)
        let points = series.flatMap(\.values)
        let x = Axis(covering: points.map { Double($0.x) }, count: 8, isWhole: true)
        let y = Axis(covering: points.map { Double($0.y) })
        let frame = Frame(52, 54, width - 70, height - 92)
        drawing.text(title, at: Point(frame.x, 20), size: 15, .ink, isBold: true)
        drawLegend(in: &drawing, at: Point(frame.x, 41))
        drawAxes(x, y, frame, in: &drawing)
        func place(_ point: (x: Int, y: Float)) -> Point {
            Point(
                frame.x + frame.width * x.place(Double(point.x)),
                frame.y + frame.height * (1 - y.place(Double(point.y))))
        }
        for series in series {
            let parts = series.values.split { !$0.y.isFinite }
            for part in parts {
                drawing.line(part.map { place($0) }, series.colour, width: 2)
            }
            if series.values.count <= 12 {
                for point in parts.joined() {
                    drawing.dot(place(point), radius: 2.6, series.colour)
                }
            }
        }
        if let mark, mark.y.isFinite {
            let point = place((mark.x, mark.y))
            drawing.dot(point, radius: 5, .white)
            drawing.dot(point, radius: 3.6, .ink)
            // Above the frame, where no curve crosses it.
            drawing.text(
                mark.text, at: Point(frame.x + frame.width, 20), size: 11, .quiet, anchor: .end)
        }
        return drawing
    }

    private func drawLegend(in drawing: inout Drawing, at corner: Point) {
        var x = corner.x
        for series in series {
            drawing.line(
                [Point(x, corner.y - 4), Point(x + 16, corner.y - 4)], series.colour, width: 3)
            drawing.text(series.name, at: Point(x + 23, corner.y), size: 12, .ink)
            x += 41 + Drawing.width(of: series.name, size: 12)
        }
    }

    private func drawAxes(_ x: Axis, _ y: Axis, _ frame: Frame, in drawing: inout Drawing) {
        let (right, bottom) = (frame.x + frame.width, frame.y + frame.height)
        for tick in y.ticks {
            let height = bottom - frame.height * y.place(tick)
            drawing.line([Point(frame.x, height), Point(right, height)], .rule)
            drawing.text(
                y.text(tick), at: Point(frame.x - 8, height + 4), size: 11, .quiet, anchor: .end)
        }
        for tick in x.ticks {
            let place = frame.x + frame.width * x.place(tick)
            drawing.line([Point(place, bottom), Point(place, bottom + 4)], .quiet)
            drawing.text(
                x.text(tick), at: Point(place, bottom + 17), size: 11, .quiet, anchor: .middle)
        }
        drawing.line([Point(frame.x, bottom), Point(right, bottom)], .quiet)
        drawing.text("epoch", at: Point(right, bottom + 31), size: 11, .quiet, anchor: .end)
    }
}
