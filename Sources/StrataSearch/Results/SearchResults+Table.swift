internal import Foundation
internal import Strata
internal import StrataVisualization

extension SearchResults {
    /// The best trials: rank, number, best value of the objective, epochs, seconds, status, and the
    /// hyperparameters that differ among them; common ones are in a line below.
    ///
    /// - Parameters:
    ///   - count: the most trials.
    ///   - width: the columns of the terminal; hyperparameters that do not fit follow in further
    ///     tables.
    public func table(_ count: Int = 10, width: Int = 100) -> String {
        let shown = best(count)
        guard !shown.isEmpty else { return "no trial has a value of \(objective)" }
        let names = HyperParameterNames(of: shown)
        let head =
            [
                ["rank", "trial", objective.nameCell, "epochs", "seconds", "status"]
            ]
            + shown.enumerated().map { index, trial in
                [
                    "\(index + 1)", "\(trial.number)",
                    trial.best(direction)?.value.metricText ?? "-", "\(trial.objectives.count)",
                    "\(trial.seconds.inTenths)", trial.status.name,
                ]
            }
        var blocks: [Block] = [Block(rows: head, texts: [5])]
        for name in names.different {
            let values = shown.map { $0.values[name] }
            let cells = [name.nameCell] + values.map { $0?.cell ?? "–" }
            let isText = !values.allSatisfy { $0?.isNumber ?? true }
            let needed = 2 + (cells.map(\.columnCount).max() ?? 0)
            // A further table has one hyperparameter at least, beside rank and number.
            if let last = blocks.last, last.columnCount + needed > width, last.count > 2 {
                blocks.append(Block(rows: head.map { Array($0.prefix(2)) }, texts: []))
            }
            blocks[blocks.count - 1].append(cells, isText: isText)
        }
        var texts = blocks.map(\.text)
        if !names.same.isEmpty {
            let values = names.same.map { "\($0.name.nameCell) \($0.value.cell)" }
            texts.append("in all of these: \(values.joined(separator: ", "))")
        }
        return texts.joined(separator: "\n\n")
    }

    /// The numbers of trials that were completed, stopped early, could not be built, diverged or
    /// failed, with the reasons; all epochs and the time.
    public var summary: String {
        let epochs = trials.reduce(0) { $0 + $1.objectives.count }
        let seconds = trials.reduce(0) { $0 + $1.seconds }
        let kinds = [
            ("completed", "completed"), ("stopped", "stopped early"), ("paused", "paused"),
            ("running", "running"), ("infeasible", "infeasible"), ("diverged", "diverged"),
            ("failed", "failed"),
        ].map { word, text in
            (text: text, trials: trials.filter { $0.status.name == word })
        }.filter { !$0.trials.isEmpty }
        let counts = kinds.map { "\($0.trials.count) \($0.text)" }
        var lines = [
            "\(trials.count.counted("trial"))"
                + (counts.isEmpty ? "" : ": \(counts.joined(separator: ", "))"),
            "\(epochs.counted("epoch")) in \(seconds.inTenths) seconds",
        ]
        if let best = best().first, let found = best.best(direction) {
            lines.append(
                "best \(objective.nameCell): \(found.value.metricText) in epoch \(found.epoch) of trial "
                    + "\(best.number)")
        }
        for (text, trials) in kinds {
            for (reason, count) in Self.grouped(trials.compactMap(\.status.reason)) {
                lines.append("  \(count) \(text): \(reason)")
            }
        }
        return lines.joined(separator: "\n")
    }

    /// The first lines of reasons, the most frequent first.
    private static func grouped(_ reasons: [String]) -> [(reason: String, count: Int)] {
        var groups: [(reason: String, count: Int)] = []
        var indices: [String: Int] = [:]
        for reason in reasons {
            let line = (reason.split(whereSeparator: \.isNewline).first.map { String($0) } ?? "")
                .withoutControls
            if let index = indices[line] {
                groups[index].count += 1
            } else {
                indices[line] = groups.count
                groups.append((line, 1))
            }
        }
        return groups.enumerated().sorted {
            ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
        }.map(\.element)
    }
}

/// Columns of the table that fit in a line.
private struct Block {
    var rows: [[String]]
    /// The columns that are aligned left.
    var texts: Set<Int>

    var count: Int { rows.first?.count ?? 0 }
    var text: String { RunComparison.aligned(rows, texts: texts) }
    var columnCount: Int { text.split(separator: "\n").map(\.columnCount).max() ?? 0 }

    mutating func append(_ cells: [String], isText: Bool) {
        if isText { texts.insert(count) }
        for (row, cell) in cells.enumerated() { rows[row].append(cell) }
    }
}

/// The hyperparameters of some trials: those that differ, and those with one value.
private struct HyperParameterNames {
    var different: [String] = []
    var same: [(name: String, value: HyperParameterValue)] = []

    init(of trials: [Trial]) {
        var known = Set<String>()
        for name in trials.flatMap(\.hyperParameters).map(\.name)
        where known.insert(name).inserted {
            let values = trials.map { $0.values[name] }
            if let first = values.first, let value = first, Set(values).count == 1 {
                same.append((name, value))
            } else {
                different.append(name)
            }
        }
    }
}

extension HyperParameterValue {
    /// The value with four digits, or the first and the last letters of a long text.
    var cell: String {
        switch self {
        case .boolean, .int: description
        case .float(let value): String(format: "%.4g", value)
        case .string(let text): text.cell
        }
    }
}

extension String {
    /// A value in one line.
    fileprivate var cell: String { shortened(to: 24) }

    /// A name in one line.
    var nameCell: String { shortened(to: 32) }

    /// One line, the middle of a long one left out: names often differ at their ends.
    private func shortened(to limit: Int) -> String {
        let line = withoutControls
        if line.columnCount <= limit { return line }
        let end = String(String(line.reversed()).columns(atMost: limit / 2).reversed())
        return line.columns(atMost: limit - 1 - end.columnCount) + "…" + end
    }

    /// The first letters that fit in a number of columns.
    private func columns(atMost limit: Int) -> String {
        var kept = Substring(self)
        while kept.count > 0, String(kept).columnCount > limit { kept.removeLast() }
        return String(kept)
    }

    /// With spaces instead of line breaks and other control characters.
    fileprivate var withoutControls: String {
        String(
            map {
                $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : $0
            })
    }
}

extension Double {
    fileprivate var inTenths: Double { (self * 10).rounded() / 10 }
}

extension Int {
    fileprivate func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
