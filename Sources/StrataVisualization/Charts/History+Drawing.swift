public import Strata

extension History {
    /// The training curves: a chart for the loss and one for each metric, with training and
    /// validation.
    ///
    /// The epoch with the best validation is marked; epochs are counted from 1.
    public func drawing() -> Drawing {
        let charts = quantities.map { chart(of: $0).drawing() }
        let columns = max(1, min(charts.count, 3))
        let rows = max(1, (charts.count + columns - 1) / columns)
        let size = charts.first.map { ($0.width, $0.height) } ?? (380, 280)
        var drawing = Drawing(
            width: size.0 * Double(columns), height: size.1 * Double(rows))
        for (index, chart) in charts.enumerated() {
            drawing.add(
                chart,
                at: Point(
                    size.0 * Double(index % columns), size.1 * Double(index / columns)))
        }
        return drawing
    }

    /// The curves as text for a terminal, in Braille patterns.
    ///
    /// Two charts are side by side if each has 28 columns, otherwise stacked. Without colours the
    /// validation curve is dashed.
    ///
    /// - Parameters:
    ///   - width: the maximum number of columns, 28 to 1,000.
    ///   - height: the number of lines of a chart, 4 to 1,000, without title, legend and epochs.
    ///   - hasColours: whether to use escape sequences for colours.
    public func text(width: Int = 80, height: Int = 8, hasColours: Bool = false) -> String {
        rows(width: width, hasColours: hasColours).map {
            $0.text(height: min(max(height, 4), largestTextSize))
        }
        .joined(separator: "\n")
    }

    /// The same with as many and as high charts as fit in a number of lines; empty if none fits.
    func text(width: Int, linesAtMost limit: Int, hasColours: Bool) -> String {
        guard width >= CharacterChartRow.minimumWidth else { return "" }
        let rows = rows(width: width, hasColours: hasColours)
        for count in stride(from: rows.count, to: 0, by: -1) {
            let shown = rows.prefix(count)
            let height = (limit - shown.reduce(0) { $0 + $1.otherLines }) / count
            if height >= 4 {
                return shown.map { $0.text(height: min(height, 8)) }.joined(separator: "\n")
            }
        }
        return ""
    }

    private func rows(width: Int, hasColours: Bool) -> [CharacterChartRow] {
        let width = min(max(width, CharacterChartRow.minimumWidth), largestTextSize)
        let charts = quantities.map { chart(of: $0) }
        let columns = width >= 2 * CharacterChartRow.minimumWidth + CharacterChartRow.gap ? 2 : 1
        return stride(from: 0, to: charts.count, by: columns).map { start in
            CharacterChartRow(
                charts[start..<min(start + columns, charts.count)], width: width,
                columns: min(columns, charts.count), hasColours: hasColours)
        }
    }

    /// The quantities with a chart: the loss first, then metrics by name.
    private var quantities: [String] {
        let names = Set(history.keys.map { $0.hasPrefix("val_") ? String($0.dropFirst(4)) : $0 })
        return names.sorted { a, b in
            if a == "loss" || b == "loss" { return a == "loss" && b != "loss" }
            return a < b
        }
    }

    private func chart(of name: String) -> LineChart {
        var series: [LineChart.Series] = []
        var best: (x: Int, y: Float, text: String)?
        for (key, title, colour) in [
            (name, "training", Colour.series[0]), ("val_" + name, "validation", Colour.series[1]),
        ] {
            let points = values(of: key).map { (x: $0.epoch + 1, y: $0.value) }
            guard !points.isEmpty else { continue }
            series.append(LineChart.Series(name: title, colour: colour, values: points))
            if key != name, let point = self.best(key) {
                let text = "best: \(Self.number(point.value)) in epoch \(point.epoch + 1)"
                best = (point.epoch + 1, point.value, text)
            }
        }
        let title = name.split(separator: "_").joined(separator: " ")
        return LineChart(title: title, series: series, mark: best)
    }

    /// With four decimals.
    private static func number(_ value: Float) -> String {
        let scaled = (Double(value) * 10_000).rounded()
        return abs(scaled) < 1e12 ? "\(scaled / 10_000)" : "\(value)"
    }
}

/// More columns or lines than any terminal has.
private let largestTextSize = 1_000
