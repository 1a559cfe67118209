/// A table with lines; long cells wrap.
struct TextTable: CustomStringConvertible {
    private let widths: [Int]
    private let rightAligned: Int
    private let centered: Int?
    private let header: [String]
    private var rows: [[String]] = []

    /// - Parameters:
    ///   - columns: the titles.
    ///   - widths: the widths of the columns, with a space on both sides.
    ///   - rightAligned: the right-aligned column.
    ///   - centered: the centred column.
    init(columns: [String], widths: [Int], rightAligned: Int, centered: Int? = nil) {
        header = columns
        self.widths = widths
        self.rightAligned = rightAligned
        self.centered = centered
    }

    mutating func append(_ cells: [String]) {
        rows.append(cells)
    }

    var description: String {
        var lines = [rule("┏", "━", "┳", "┓")]
        lines += draw(header, "┃")
        lines.append(rule("┡", "━", "╇", "┩"))
        for (index, row) in rows.enumerated() {
            if index > 0 { lines.append(rule("├", "─", "┼", "┤")) }
            lines += draw(row, "│")
        }
        lines.append(rule("└", "─", "┴", "┘"))
        return lines.joined(separator: "\n")
    }

    private func rule(_ left: String, _ line: String, _ middle: String, _ right: String) -> String {
        left + widths.map { String(repeating: line, count: $0) }.joined(separator: middle) + right
    }

    private func draw(_ cells: [String], _ bar: String) -> [String] {
        let wrapped = zip(cells, widths).map { wrap($0, width: $1 - 2) }
        let height = wrapped.map(\.count).max() ?? 1
        return (0..<height).map { row in
            let parts = wrapped.enumerated().map { column, lines in
                let text = row < lines.count ? lines[row] : ""
                let room = max(widths[column] - 2 - text.count, 0)
                let before = column == rightAligned ? room : column == centered ? room / 2 : 0
                let blanks = [before, room - before].map { String(repeating: " ", count: $0) }
                return " \(blanks[0])\(text)\(blanks[1]) "
            }
            return bar + parts.joined(separator: bar) + bar
        }
    }

    /// Breaks at spaces; words that are too long are truncated.
    private func wrap(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        // The prefix of a cell, which indents layers of nested models.
        var line = String(text.prefix { $0 == " " }.dropLast())
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            let shown = word.count > width ? word.prefix(width - 1) + "…" : word
            line += (line.isEmpty ? "" : " ") + shown
        }
        return lines + [line]
    }
}
