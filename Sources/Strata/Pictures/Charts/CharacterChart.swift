/// A chart of lines as characters.
struct CharacterChart {
    private let chart: LineChart
    /// For the numbers on the left.
    private static let margin = 8

    init(_ chart: LineChart) {
        self.chart = chart
    }

    /// Title, curves, epochs: `height + 2` lines of `width` characters.
    func lines(width: Int, height: Int, hasColours: Bool) -> [String] {
        let points = chart.series.flatMap(\.values)
        let x = Axis(covering: points.map { Double($0.x) }, isWhole: true)
        let y = Axis(covering: points.map { Double($0.y) })
        let columns = max(width - CharacterChart.margin, 4)
        var canvas = DotCanvas(columns: columns, rows: height)
        for (index, series) in chart.series.enumerated() {
            let places = series.values.filter { $0.y.isFinite }.map { point in
                (
                    x: x.place(Double(point.x)) * Double(2 * columns - 1),
                    y: (1 - y.place(Double(point.y))) * Double(4 * height - 1)
                )
            }
            for (a, b) in zip(places, places.dropFirst() + places.suffix(1)) {
                canvas.line(from: a, to: b, series: index)
            }
        }
        var lines = [title(width: width, hasColours: hasColours)]
        for row in 0..<height {
            let isTop = row == 0
            let label = isTop ? y.text(y.high) : row == height - 1 ? y.text(y.low) : ""
            let edge = label.isEmpty ? "│" : "┤"
            let number = String(label.prefix(CharacterChart.margin - 2))
            let indent = String(
                repeating: " ", count: CharacterChart.margin - 1 - number.count)
            lines.append(indent + number + edge + canvas.line(row, hasColours: hasColours))
        }
        lines.append(footer(x, columns: columns))
        return lines
    }

    private func title(width: Int, hasColours: Bool) -> String {
        var text = String(repeating: " ", count: CharacterChart.margin) + chart.title
        var length = text.count
        for (index, series) in chart.series.enumerated() where chart.series.count > 1 {
            let word = "  ● \(series.name)"
            guard length + word.count <= width else { break }
            length += word.count
            text += hasColours ? DotCanvas.code(index) + word + "\u{1B}[0m" : word
        }
        return text + String(repeating: " ", count: max(width - length, 0))
    }

    private func footer(_ x: Axis, columns: Int) -> String {
        let (first, last) = (x.text(x.low.rounded(.up)), "epoch " + x.text(x.high.rounded(.down)))
        let space = String(repeating: " ", count: max(columns - first.count - last.count, 1))
        return String(repeating: " ", count: CharacterChart.margin) + first + space + last
    }
}

/// Dots, 2 × 4 in each character (Unicode's Braille patterns), and whose dots they are.
private struct DotCanvas {
    let columns: Int
    let rows: Int
    private var patterns: [UInt32]
    private var owners: [Int]

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        patterns = Array(repeating: 0, count: columns * rows)
        owners = Array(repeating: 0, count: columns * rows)
    }

    /// The bits of Unicode's chart U+2800, by column and row of the dot.
    private static let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

    /// Blue and orange of the 256 colours of terminals, as in the drawn curves.
    static func code(_ series: Int) -> String { "\u{1B}[38;5;\(series == 0 ? 33 : 208)m" }

    mutating func line(from a: (x: Double, y: Double), to b: (x: Double, y: Double), series: Int) {
        let count = max(Int(max(abs(b.x - a.x), abs(b.y - a.y)).rounded(.up)), 1)
        for step in 0...count {
            let share = Double(step) / Double(count)
            let x = Int((a.x + (b.x - a.x) * share).rounded())
            let y = Int((a.y + (b.y - a.y) * share).rounded())
            guard (0..<2 * columns).contains(x), (0..<4 * rows).contains(y) else { continue }
            let place = y / 4 * columns + x / 2
            patterns[place] |= DotCanvas.bits[x % 2][y % 4]
            owners[place] = series
        }
    }

    func line(_ row: Int, hasColours: Bool) -> String {
        var text = ""
        var current: Int?
        for column in 0..<columns {
            let place = row * columns + column
            guard patterns[place] != 0, let scalar = Unicode.Scalar(0x2800 + patterns[place]) else {
                text += " "
                continue
            }
            if hasColours, current != owners[place] { text += DotCanvas.code(owners[place]) }
            current = owners[place]
            text.unicodeScalars.append(scalar)
        }
        return hasColours && current != nil ? text + "\u{1B}[0m" : text
    }
}
