/// Runs beside each other.
public struct RunComparison: Sendable {
    public let runs: [RunRecord]

    public init(_ runs: [RunRecord]) {
        self.runs = runs
    }

    /// A line for each run: name, state, epochs, time, best value of the run's objective, last losses.
    public var table: String {
        var rows = [["run", "epochs", "seconds", "best", "in epoch", "loss", "val_loss"]]
        for run in runs {
            let best = run.objective.flatMap(run.best)
            rows.append([
                run.folder.name, "\(run.epochs.count)/\(run.settings["epochs"]?.cell ?? "?")",
                run.result["seconds"].flatMap(\.asFloat).map { "\(($0 * 10).rounded() / 10)" }
                    ?? "unfinished",
                best.map { number($0.value) } ?? "-", best.map { "\($0.epoch)" } ?? "-",
                run.values("loss").last.map { number($0.value) } ?? "-",
                run.values("val_loss").last.map { number($0.value) } ?? "-",
            ])
        }
        return aligned(rows)
    }

    /// The settings in which the runs differ; empty where there are none.
    ///
    /// When and where they ran, and what their files are called, does not count.
    public var differences: String {
        let unimportant: Set = [
            "started", "host", "command", "model_name", "output", RunRecord.directionsKey,
        ]
        let names = Set(runs.flatMap(\.settings.keys)).subtracting(unimportant).sorted()
        let different = names.filter { name in Set(runs.map { $0.settings[name] }).count > 1 }
        guard !different.isEmpty else { return "" }
        let rows =
            [["setting"] + runs.map(\.folder.name)]
            + different.map { name in
                [name] + runs.map { $0.settings[name]?.cell ?? "-" }
            }
        return aligned(rows)
    }

    /// One quantity's curves of all runs.
    public func drawing(of quantity: String = "val_accuracy") -> Drawing {
        let series = runs.enumerated().map { index, run in
            LineChart.Series(
                name: run.folder.name, colour: Colour.series[index % Colour.series.count],
                values: run.values(quantity).map { (x: $0.epoch, y: $0.value) })
        }
        let title = quantity.split(separator: "_").joined(separator: " ")
        return LineChart(title: title, series: series).drawing(width: 760, height: 380)
    }

    private func number(_ value: Float) -> String {
        "\((value * 10_000).rounded() / 10_000)"
    }

    /// The first column to the left, the others to the right.
    private func aligned(_ rows: [[String]]) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + space : space + cell
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
