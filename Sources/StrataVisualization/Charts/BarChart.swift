/// A chart of horizontal bars with names and values.
package struct BarChart {
    package struct Bar: Sendable, Hashable {
        package var name: String
        /// 0 or more; the largest has the full width.
        package var value: Double
        /// The value in words.
        package var text: String

        package init(name: String, value: Double, text: String) {
            self.name = name
            self.value = value
            self.text = text
        }
    }

    package let title: String
    package let bars: [Bar]
    /// What the bars mean, or why there are none.
    package let note: String

    package init(title: String, bars: [Bar], note: String) {
        self.title = title
        self.bars = bars
        self.note = note
    }

    private static let row = 24.0

    package func drawing() -> Drawing {
        let names = bars.map { Drawing.shortened($0.name, to: 220, size: 12) }
        let margin = 32 + (names.map { Drawing.width(of: $0, size: 12) }.max() ?? 0)
        let texts = bars.map { Drawing.width(of: $0.text, size: 11) }.max() ?? 0
        let full = 300.0
        let heading = max(
            Drawing.width(of: title, size: 15) * 1.06, Drawing.width(of: note, size: 12))
        let width = max(margin + full + texts + 34, min(heading, 720) + 40)
        let top = 72.0
        var drawing = Drawing(width: width, height: top + Self.row * Double(bars.count) + 14)
        let title = Drawing.shortened(title, to: (width - 40) / 1.06, size: 15)
        drawing.text(title, at: Point(20, 28), size: 15, .ink, isBold: true)
        drawing.text(
            Drawing.shortened(note, to: width - 40, size: 12), at: Point(20, 50), size: 12, .quiet)
        let most = bars.map(\.value).filter(\.isFinite).max() ?? 0
        for (index, bar) in bars.enumerated() {
            let middle = top + Self.row * (Double(index) + 0.5)
            drawing.text(
                names[index], at: Point(margin - 8, middle + 4), size: 12, .ink, anchor: .end)
            let share = most > 0 && bar.value.isFinite ? max(bar.value / most, 0) : 0
            drawing.fill(Frame(margin, middle - 8, full * share, 16), Colour.series[0])
            drawing.text(
                bar.text, at: Point(margin + full * share + 8, middle + 4), size: 11, .ink)
        }
        if !bars.isEmpty {
            let bottom = top + Self.row * Double(bars.count)
            drawing.line([Point(margin, top), Point(margin, bottom)], .quiet)
        }
        return drawing
    }
}
