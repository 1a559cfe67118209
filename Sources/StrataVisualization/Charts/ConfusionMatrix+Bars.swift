public import Strata

extension ConfusionMatrix {
    /// Precision and recall of each class as bars, with their values and the number of samples.
    ///
    /// A class without samples has no recall, and one that is never predicted has no precision: the
    /// drawing says so.
    public func precisionRecallDrawing() -> Drawing {
        let count = classNames.count
        let longest = classNames.map { Drawing.width(of: $0, size: 12) }.max() ?? 0
        let margin = min(longest, 170) + 28
        let (bar, row, top) = (260.0, 40.0, 112.0)
        let bottom = top + row * Double(count)
        var drawing = Drawing(width: max(margin + bar + 180, 420), height: bottom + 40)
        drawing.text("Precision and recall", at: Point(20, 26), size: 15, .ink, isBold: true)
        let legend = [
            "precision: of those predicted as the class, the right ones",
            "recall: of those that are of the class, the right ones",
        ]
        for (index, text) in legend.enumerated() {
            let y = 48 + 18 * Double(index)
            drawing.fill(Frame(20, y - 10, 12, 10), Colour.series[index])
            drawing.text(text, at: Point(38, y), size: 12, .ink)
        }
        drawing.text("class", at: Point(margin - 8, top - 12), size: 12, .quiet, anchor: .end)
        drawing.text(
            "samples", at: Point(drawing.width - 20, top - 12), size: 12, .quiet, anchor: .end)
        for tick in 0...4 {
            let x = margin + bar * Double(tick) / 4
            drawing.line([Point(x, top - 6), Point(x, bottom)], tick == 0 ? .quiet : .rule)
            drawing.text(
                "\(25 * tick) %", at: Point(x, bottom + 16), size: 11, .quiet, anchor: .middle)
        }
        for index in 0..<count {
            let y = top + row * Double(index)
            drawing.text(
                Drawing.shortened(classNames[index], to: 170, size: 12),
                at: Point(margin - 8, y + 20), size: 12, .ink, anchor: .end)
            let values = [
                predictedCount(of: index) > 0 ? precision(of: index) : nil,
                support(of: index) > 0 ? recall(of: index) : nil,
            ]
            for (line, value) in values.enumerated() {
                let position = y + 2 + 14 * Double(line)
                drawing.fill(
                    Frame(margin, position, bar * (value ?? 0), 12), Colour.series[line])
                let text =
                    value.map { "\(($0 * 1000).rounded() / 10) %" }
                    ?? ["never predicted", "no samples"][line]
                drawing.text(
                    text, at: Point(margin + bar + 10, position + 10), size: 11,
                    value == nil ? .quiet : .ink)
            }
            drawing.text(
                "\(support(of: index))", at: Point(drawing.width - 20, y + 20), size: 12, .quiet,
                anchor: .end)
        }
        return drawing
    }
}
