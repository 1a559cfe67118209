extension History {
    /// The curves of training: a chart for the loss and one for each metric, training and validation
    /// together.
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

    /// The curves as characters, for a terminal: Braille patterns, whose dots are eight to a character.
    ///
    /// - Parameters:
    ///   - width: how many characters a line may have, 40 or more.
    ///   - height: lines of a chart, 4 or more, title and epochs not counted.
    ///   - hasColours: whether escape sequences for colours may be used.
    public func text(width: Int = 80, height: Int = 8, hasColours: Bool = false) -> String {
        let shown = Array(quantities.prefix(2))
        let gap = 3
        let share = (max(width, 40) - gap * (shown.count - 1)) / max(shown.count, 1)
        let blocks = shown.map { name in
            CharacterChart(chart(of: name)).lines(
                width: share, height: max(height, 4), hasColours: hasColours)
        }
        let separator = String(repeating: " ", count: gap)
        return (0..<(blocks.map(\.count).max() ?? 0)).map { line in
            blocks.map { $0[line] }.joined(separator: separator)
        }.joined(separator: "\n")
    }

    /// What has a chart: the loss first, then metrics by name.
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

    /// With four digits behind the point.
    private static func number(_ value: Float) -> String {
        let scaled = (Double(value) * 10_000).rounded()
        return abs(scaled) < 1e12 ? "\(scaled / 10_000)" : "\(value)"
    }
}
