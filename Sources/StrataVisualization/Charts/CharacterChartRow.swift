/// Charts of characters side by side.
struct CharacterChartRow {
    /// The minimum width of a chart: that of a legend.
    static let minimumWidth = 28
    /// The number of columns between two charts.
    static let gap = 3

    private let charts: [CharacterChart]
    /// If one legend does not fit beside its title, all charts have a legend line.
    private let hasLegendLine: Bool

    /// - Parameters:
    ///   - width: the total width.
    ///   - columns: the number of charts side by side.
    init(_ charts: ArraySlice<LineChart>, width: Int, columns: Int, hasColours: Bool) {
        let share = (width - CharacterChartRow.gap * (columns - 1)) / max(columns, 1)
        self.charts = charts.map {
            CharacterChart($0, width: share, hasColours: hasColours)
        }
        hasLegendLine = self.charts.contains { !$0.hasShortTitle }
    }

    /// The number of lines beside the curves: titles, legends, epochs.
    var otherLines: Int { hasLegendLine ? 3 : 2 }

    func text(height: Int) -> String {
        let blocks = charts.map { $0.lines(height: height, hasLegendLine: hasLegendLine) }
        let separator = String(repeating: " ", count: CharacterChartRow.gap)
        return (0..<height + otherLines).map { line in
            blocks.map { $0[line] }.joined(separator: separator)
        }.joined(separator: "\n")
    }
}
