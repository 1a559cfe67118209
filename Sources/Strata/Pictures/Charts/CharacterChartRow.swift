/// Charts of characters side by side.
struct CharacterChartRow {
    /// Of one chart: what a legend takes.
    static let minimumWidth = 28
    /// Columns between two charts.
    static let gap = 3

    private let charts: [CharacterChart]
    /// One legend without room beside its title gives all of them a line for it.
    private let hasLegendLine: Bool

    /// - Parameters:
    ///   - width: of all of them.
    ///   - columns: how many charts have room.
    init(_ charts: ArraySlice<LineChart>, width: Int, columns: Int, hasColours: Bool) {
        let share = (width - CharacterChartRow.gap * (columns - 1)) / max(columns, 1)
        self.charts = charts.map {
            CharacterChart($0, width: share, hasColours: hasColours)
        }
        hasLegendLine = self.charts.contains { !$0.hasShortTitle }
    }

    /// Lines beside those of the curves: titles, legends, epochs.
    var otherLines: Int { hasLegendLine ? 3 : 2 }

    func text(height: Int) -> String {
        let blocks = charts.map { $0.lines(height: height, hasLegendLine: hasLegendLine) }
        let separator = String(repeating: " ", count: CharacterChartRow.gap)
        return (0..<height + otherLines).map { line in
            blocks.map { $0[line] }.joined(separator: separator)
        }.joined(separator: "\n")
    }
}
