internal import Strata

/// A line chart of characters.
struct CharacterChart {
    private let chart: LineChart
    private let width: Int
    private let hasColours: Bool
    private let x: Axis
    private let y: Axis

    init(_ chart: LineChart, width: Int, hasColours: Bool) {
        self.chart = chart
        self.width = width
        self.hasColours = hasColours
        let points = chart.series.flatMap(\.values)
        x = Axis(covering: points.map { Double($0.x) }, isWhole: true)
        y = Axis(covering: points.map { Double($0.y) })
    }

    /// Whether title and legend fit in one line.
    var hasShortTitle: Bool {
        margin + (chart.title + legend(hasColours: false)).columnCount <= width
    }

    /// Title and legend, curves, epochs: lines of `width` columns.
    ///
    /// - Parameters:
    ///   - height: the height of the curves.
    ///   - hasLegendLine: whether the legend has its own line.
    func lines(height: Int, hasLegendLine: Bool) -> [String] {
        titles(hasLegendLine: hasLegendLine) + curves(height: height) + [footer]
    }

    /// The width of the labels on the left, which are never truncated.
    private var margin: Int {
        max(8, 2 + max(y.text(y.high).count, y.text(y.low).count))
    }

    private var columns: Int { max(width - margin, 4) }

    private func curves(height: Int) -> [String] {
        var canvas = DotCanvas(columns: columns, rows: height)
        for (index, series) in chart.series.enumerated() {
            for part in series.values.split(whereSeparator: { !$0.y.isFinite }) {
                let points = part.map { point in
                    (
                        x: x.position(Double(point.x)) * Double(2 * columns - 1),
                        y: (1 - y.position(Double(point.y))) * Double(4 * height - 1)
                    )
                }
                canvas.curve(points, series: index, isDashed: index > 0 && !hasColours)
            }
        }
        return (0..<height).map { row in
            let label = row == 0 ? y.text(y.high) : row == height - 1 ? y.text(y.low) : ""
            let edge = label.isEmpty ? "│" : "┤"
            return label.padded(toColumns: margin - 1, alignsRight: true) + edge
                + canvas.line(row, hasColours: hasColours)
        }
    }

    private func titles(hasLegendLine: Bool) -> [String] {
        let indent = String(repeating: " ", count: margin)
        let legend = legend(hasColours: hasColours)
        let legendWidth = self.legend(hasColours: false).columnCount
        if hasLegendLine {
            let title = (indent + chart.title).shortened(toColumns: width)
            let length = max(legendWidth - 2, 0)
            let start = min(margin, max(width - length, 0))
            let blanks = [start, max(width - start - length, 0)].map {
                String(repeating: " ", count: $0)
            }
            return [title.padded(toColumns: width), blanks[0] + legend.dropFirst(2) + blanks[1]]
        }
        let title = (indent + chart.title).shortened(toColumns: width - legendWidth)
        let end = String(
            repeating: " ", count: max(width - title.columnCount - legendWidth, 0))
        return [title + legend + end]
    }

    /// ` ● training ● validation` in the curves' colours, or without colours with their line
    /// styles.
    private func legend(hasColours: Bool) -> String {
        guard chart.series.count > 1 else { return "" }
        return chart.series.enumerated().map { index, series in
            hasColours
                ? "  \(DotCanvas.code(index))● \(series.name)\u{1B}[0m"
                : "  \(index == 0 ? "━" : "┅") \(series.name)"
        }.joined()
    }

    private var footer: String {
        let (low, high) = (x.text(x.low.rounded(.up)), x.text(x.high.rounded(.down)))
        let first = low == high ? "" : low
        let last = "epoch " + high
        let room = columns - first.count - last.count
        let remark = chart.remark.map { room > $0.columnCount + 3 ? $0 : "" } ?? ""
        let before = max(room - remark.columnCount, 1) / 2
        let middle = String(repeating: " ", count: before) + remark
        return String(repeating: " ", count: margin) + first
            + middle.padded(toColumns: max(room, 1)) + last
    }
}

/// Dots, 2 × 4 in each character (Unicode's Braille patterns), with their series.
private struct DotCanvas {
    let columns: Int
    let rows: Int
    private var patterns: [UInt32]
    private var owners: [Int]
    /// The number of dots of a dashed line so far.
    private var passed = 0

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        patterns = Array(repeating: 0, count: columns * rows)
        owners = Array(repeating: 0, count: columns * rows)
    }

    /// The bits of Unicode's block U+2800, by column and row of the dot.
    private static let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

    /// Blue and orange of the 256 terminal colours, as in the drawn curves.
    static func code(_ series: Int) -> String { "\u{1B}[38;5;\(series == 0 ? 33 : 208)m" }

    /// Curves from point to point; three dots and a gap of three where it is dashed.
    mutating func curve(_ points: [(x: Double, y: Double)], series: Int, isDashed: Bool) {
        passed = 0
        for (a, b) in zip(points, points.dropFirst() + points.suffix(1)) {
            line(from: a, to: b, series: series, isDashed: isDashed)
        }
    }

    private mutating func line(
        from a: (x: Double, y: Double), to b: (x: Double, y: Double), series: Int, isDashed: Bool
    ) {
        let count = max(Int(max(abs(b.x - a.x), abs(b.y - a.y)).rounded(.up)), 1)
        for step in 0...count {
            passed += step == 0 ? 0 : 1
            if isDashed, passed % 6 > 2 { continue }
            let share = Double(step) / Double(count)
            let x = Int((a.x + (b.x - a.x) * share).rounded())
            let y = Int((a.y + (b.y - a.y) * share).rounded())
            guard (0..<2 * columns).contains(x), (0..<4 * rows).contains(y) else { continue }
            let offset = y / 4 * columns + x / 2
            patterns[offset] |= DotCanvas.bits[x % 2][y % 4]
            owners[offset] = series
        }
    }

    func line(_ row: Int, hasColours: Bool) -> String {
        var text = ""
        var current: Int?
        for column in 0..<columns {
            let offset = row * columns + column
            guard patterns[offset] != 0, let scalar = Unicode.Scalar(0x2800 + patterns[offset])
            else {
                text += " "
                continue
            }
            if hasColours, current != owners[offset] { text += DotCanvas.code(owners[offset]) }
            current = owners[offset]
            text.unicodeScalars.append(scalar)
        }
        return hasColours && current != nil ? text + "\u{1B}[0m" : text
    }
}
