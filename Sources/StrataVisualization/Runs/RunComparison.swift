public import Strata

/// A comparison of runs.
///
/// ```swift
/// let comparison = try RunComparison(RunRecord.all(in: "runs")).sorted(by: "val_accuracy")
/// print(comparison.table)
/// ```
public struct RunComparison: Sendable {
    public let runs: [RunRecord]
    /// The quantity whose best epoch the table shows.
    public let quantity: String

    /// - Parameters:
    ///   - runs: the runs, in the order of the table.
    ///   - quantity: the quantity whose best epoch is shown; if left out, chosen like
    ///     ``RunRecord/objective`` from all that the runs recorded.
    public init(_ runs: [RunRecord], quantity: String? = nil) {
        self.runs = runs
        self.quantity = quantity ?? RunRecord.objective(of: runs) ?? "loss"
    }

    /// A line for each run: name, data set, network, optimizer, learning rate, epochs, seconds, and
    /// the best value of the quantity with its epoch, from 1.
    public var table: String {
        let columns = Column.allCases.filter { column in
            // Columns without any value are left out: records of older versions have fewer.
            !column.isSetting || runs.contains { $0.settings[column.rawValue] != nil }
        }
        let head = columns.map { $0 == .best ? quantity : $0.rawValue }
        return Self.aligned(
            [head] + runs.map { run in columns.map { cell($0, of: run) } },
            texts: Set(0..<columns.count(where: \.isText)))
    }

    /// The column names, with settings as in `settings.json`.
    private enum Column: String, CaseIterable {
        case run
        case data
        case network
        case optimizer
        case learningRate = "learning_rate"
        case epochs
        case seconds
        case best
        case bestEpoch = "best_epoch"

        /// Whether its cells are text instead of numbers.
        var isText: Bool {
            switch self {
            case .run, .data, .network, .optimizer: true
            case .learningRate, .epochs, .seconds, .best, .bestEpoch: false
            }
        }

        var isSetting: Bool {
            switch self {
            case .data, .network, .optimizer, .learningRate: true
            case .run, .epochs, .seconds, .best, .bestEpoch: false
            }
        }
    }

    private func cell(_ column: Column, of run: RunRecord) -> String {
        switch column {
        case .run: run.folder.name
        case .data, .network, .optimizer, .learningRate:
            run.settings[column.rawValue]?.cell ?? "-"
        case .epochs: run.progress
        case .seconds: run.seconds.map { "\(($0 * 10).rounded() / 10)" } ?? "unfinished"
        case .best: run.best(quantity)?.value.metricText ?? "-"
        case .bestEpoch: run.best(quantity).map { "\($0.epoch)" } ?? "-"
        }
    }

    /// The runs in another order.
    ///
    /// - Parameter name: a column of the ``table``, smallest first; or a quantity, such as
    ///   `val_loss`, best first, which the table then shows. Runs without it come last.
    /// - Throws: a ``ModelError`` if there is neither a column nor a quantity of this name.
    public func sorted(by name: String) throws(ModelError) -> RunComparison {
        guard let column = Column(rawValue: name), column != .best else {
            let name = name == Column.best.rawValue ? quantity : name
            let columns = Column.allCases.filter { $0 != .best }.map(\.rawValue)
            let direction = try direction(of: try known(name, orColumns: columns))
            return RunComparison(
                ordered(by: { $0.best(name)?.value }) { direction.isBetter($0, than: $1) },
                quantity: name)
        }
        let order: [RunRecord] =
            switch column {
            case .run: ordered(by: { $0.folder.name }, <)
            case .data, .network, .optimizer:
                ordered(by: { $0.settings[column.rawValue]?.cell }, <)
            case .learningRate: ordered(by: { $0.settings[column.rawValue]?.asFloat }, <)
            case .epochs: ordered(by: { $0.epochs.count }, <)
            case .seconds: ordered(by: { $0.seconds }, <)
            case .best, .bestEpoch: ordered(by: { $0.best(quantity)?.epoch }, <)
            }
        return RunComparison(order, quantity: quantity)
    }

    /// The runs sorted by a key, those without one last; the sort is stable.
    private func ordered<Key>(
        by key: (RunRecord) -> Key?, _ isBefore: (Key, Key) -> Bool
    ) -> [RunRecord] {
        runs.enumerated().map { (index: $0, run: $1, key: key($1)) }.sorted { a, b in
            switch (a.key, b.key) {
            case (let first?, let second?):
                if isBefore(first, second) { return true }
                return !isBefore(second, first) && a.index < b.index
            case (.some, nil): return true
            case (nil, .some): return false
            case (nil, nil): return a.index < b.index
            }
        }.map(\.run)
    }

    /// - Parameter columns: the column names, for the error.
    /// - Returns: the quantity, if one of the runs recorded it.
    private func known(
        _ quantity: String, orColumns columns: [String] = []
    ) throws(ModelError) -> String {
        let quantities = Set(runs.flatMap(\.quantities)).sorted()
        if quantities.contains(quantity) { return quantity }
        let names = quantities + columns
        let meant = nearestName(to: quantity, among: names)
        throw ModelError(
            .invalidArgument(
                "no run has recorded \(quantity)"
                    + (meant.map { "; did you mean \($0)?" } ?? ""),
                fix: names.isEmpty
                    ? "wait until an epoch is over"
                    : "use one of: \(names.joined(separator: ", "))"))
    }

    private func direction(of quantity: String) throws(ModelError) -> ObjectiveDirection {
        for run in runs {
            if let direction = run.direction(ofQuantity: quantity) { return direction }
        }
        throw ModelError(
            .invalidArgument(
                "the direction of improvement of \(quantity) is not known",
                fix: "record the run with a metric that says it, or sort by another quantity"))
    }

    /// The settings in which the runs differ.
    ///
    /// Times, machines and file names are ignored.
    public var differences: String {
        let different = differingSettings
        guard !different.isEmpty else { return "" }
        let rows =
            [["setting"] + runs.map(\.folder.name)] + different.map { [$0.setting] + $0.values }
        return Self.aligned(rows, texts: [0])
    }

    /// The settings in which the runs differ, with the value of each run.
    package var differingSettings: [(setting: String, values: [String])] {
        let unimportant: Set = [
            "started", "host", "command", "model_name", "output", RunRecord.directionsKey,
        ]
        let names = Set(runs.flatMap(\.settings.keys)).subtracting(unimportant).sorted()
        let different = names.filter { name in Set(runs.map { $0.settings[name] }).count > 1 }
        return different.map { name in
            (setting: name, values: runs.map { $0.settings[name]?.cell ?? "-" })
        }
    }

    /// The curves of one quantity for all runs.
    ///
    /// - Parameter name: the quantity; the table's if left out.
    /// - Throws: a ``ModelError`` if no run recorded it.
    public func drawing(of name: String? = nil) throws(ModelError) -> Drawing {
        let quantity = try known(name ?? quantity)
        let series = runs.enumerated().map { index, run in
            LineChart.Series(
                name: run.folder.name, colour: Colour.series[index % Colour.series.count],
                values: run.values(quantity).map { (x: $0.epoch, y: $0.value) })
        }
        let title = quantity.split(separator: "_").joined(separator: " ")
        return LineChart(title: title, series: series).drawing(width: 760, height: 380)
    }

    /// Text columns are left-aligned, the others right-aligned.
    package static func aligned(_ rows: [[String]], texts: Set<Int>) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0[column].columnCount }.max() ?? 0
        }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.columnCount)
                guard texts.contains(column) else { return space + cell }
                return column == columns - 1 ? cell : cell + space
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
