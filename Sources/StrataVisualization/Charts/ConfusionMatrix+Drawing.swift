public import Strata

extension ConfusionMatrix {
    /// The matrix as coloured squares with counts: rows are true classes, columns predicted ones.
    ///
    /// Squares are darker for larger fractions of their row; correct predictions are blue, mistakes
    /// red.
    public func drawing() -> Drawing {
        let count = classNames.count
        let cell = count <= 4 ? 64.0 : count <= 12 ? 44 : count <= 30 ? 24 : 12
        let font = count <= 12 ? 12.0 : count <= 30 ? 10 : 8
        let longest = classNames.map { Drawing.width(of: $0, size: font) }.max() ?? 0
        let margin = min(longest, 150) + 44
        let side = cell * Double(count)
        var drawing = Drawing(
            width: margin + max(side, 190) + 24, height: side + margin + 46)
        let corner = Point(margin, 46)
        drawing.text("Confusion matrix", at: Point(20, 24), size: 15, .ink, isBold: true)
        if total > 0 {
            let percent = "\((accuracy * 1000).rounded() / 10) % right of \(total)"
            drawing.text(
                percent, at: Point(margin + max(side, 190), 24), size: 12, .quiet, anchor: .end)
        }
        for row in 0..<count {
            drawRow(row, in: &drawing, corner: corner, cell: cell, font: font)
            let name = Drawing.shortened(classNames[row], to: 150, size: font)
            let middle = cell * (Double(row) + 0.5)
            drawing.text(
                name, at: Point(corner.x - 8, corner.y + middle + font * 0.36), size: font, .ink,
                anchor: .end)
            drawing.text(
                name, at: Point(corner.x + middle + font * 0.36, corner.y + side + 8), size: font,
                .ink, anchor: .end, isUpward: true)
        }
        drawing.stroke(Frame(corner.x, corner.y, side, side), .quiet)
        drawing.text(
            "true class", at: Point(22, corner.y + side / 2), size: 12, .quiet, anchor: .middle,
            isUpward: true)
        drawing.text(
            "predicted class", at: Point(corner.x + side / 2, drawing.height - 12), size: 12,
            .quiet,
            anchor: .middle)
        return drawing
    }

    private func drawRow(
        _ row: Int, in drawing: inout Drawing, corner: Point, cell: Double, font: Double
    ) {
        let all = max(support(of: row), 1)
        for column in counts[row].indices {
            let count = counts[row][column]
            let share = Double(count) / Double(all)
            // Mistakes are rare: the square root makes them visible.
            let full = row == column ? Colour(0x0B559F) : Colour(0xB2182B)
            let colour = Colour.white.mixed(
                with: full, row == column ? share : share.squareRoot())
            let frame = Frame(
                corner.x + cell * Double(column), corner.y + cell * Double(row), cell, cell)
            drawing.fill(frame, colour)
            if cell >= 24 {
                drawing.stroke(frame, .rule, width: 0.5)
                let size = min(font, cell / (0.62 * Double(max("\(count)".count, 2)) + 0.3))
                drawing.text(
                    "\(count)", at: Point(frame.x + cell / 2, frame.y + cell / 2 + size * 0.36),
                    size: size, count == 0 ? .rule : colour.contrast, anchor: .middle)
            }
        }
    }
}
