extension StepProfile: CustomStringConvertible {
    /// A table with lines of at most 160 characters, the longest parts first, then the total and
    /// the time outside of all parts, and what sums over ranks take.
    ///
    /// Types are shown unless they are `float32`; layouts of one axis are not shown.
    public var description: String {
        let sorted = parts.sorted { $0.seconds > $1.seconds }
        let cells = [StepProfile.titles] + sorted.map(cells)
        let widths = StepProfile.titles.indices.map { column in
            min(cells.map { $0[column].count }.max() ?? 0, StepProfile.limits[column])
        }
        var lines = cells.map { row in
            row.indices.map { StepProfile.aligned(row[$0], widths[$0], $0) }.joined(separator: "  ")
                .trimmingBlanks
        }
        let work = parts.reduce(0) { $0 + $1.flops }
        lines.append(
            "\(milliseconds(seconds)) ms in total, \(rate(work, seconds)) GFLOP/s; "
                + "\(parts.count) calls take \(milliseconds(seconds - unaccountedSeconds)) ms, "
                + "\(milliseconds(unaccountedSeconds)) ms "
                + "(\(decimal(share(unaccountedSeconds), 1)) %) are unaccounted; "
                + "means of \(runs) steps")
        if let communication {
            lines.append(
                "sums over ranks: \(milliseconds(communication.secondsInFlight)) ms in flight, "
                    + "\(milliseconds(communication.secondsWaited)) ms waited, "
                    + "\(decimal(100 * communication.shareHidden, 1)) % hidden")
        }
        return lines.joined(separator: "\n")
    }

    private static let titles = [
        "ms", "%", "GFLOP/s", "MB", "operation", "shapes", "layouts", "implementation",
    ]
    /// The widths of the columns add up to 160 with the spaces between them.
    private static let limits = [9, 5, 7, 7, 28, 44, 28, 18]
    private static let numberColumns = 4

    private func cells(_ part: Part) -> [String] {
        let layouts = { (operands: [Operand]) in
            operands.filter { $0.shape.count > 1 }.map {
                $0.dtype == .float32 ? $0.layout : "\($0.dtype.rawValue):\($0.layout)"
            }
        }
        let shapes = { (operands: [Operand]) in
            operands.map {
                $0.shape.isEmpty ? "1" : $0.shape.map(String.init).joined(separator: "x")
            }
        }
        return [
            milliseconds(part.seconds), decimal(share(part.seconds), 1),
            part.flops > 0 ? rate(part.flops, part.seconds) : "",
            decimal(Double(part.byteCount) * 1e-6, 2), part.operation,
            arrow(shapes(part.sources), shapes(part.destinations)),
            arrow(layouts(part.sources), layouts(part.destinations)),
            part.implementation,
        ]
    }

    private func arrow(_ sources: [String], _ destinations: [String]) -> String {
        sources.isEmpty && destinations.isEmpty
            ? "" : "\(counted(sources)) → \(counted(destinations))"
    }

    /// Each text once, with its number of occurrences, in the order of the first ones.
    private func counted(_ texts: [String]) -> String {
        var order: [String] = []
        var counts: [String: Int] = [:]
        for text in texts {
            if counts[text] == nil { order.append(text) }
            counts[text, default: 0] += 1
        }
        return order.map { text in
            let count = counts[text] ?? 1
            return count == 1 ? text : "\(count)·\(text)"
        }.joined(separator: ", ")
    }

    private func share(_ part: Double) -> Double { seconds > 0 ? 100 * part / seconds : 0 }

    private func milliseconds(_ seconds: Double) -> String { decimal(seconds * 1e3, 3) }

    /// 10⁹ operations per second.
    private func rate(_ count: Double, _ seconds: Double) -> String {
        seconds > 0 ? decimal(count / seconds * 1e-9, 1) : ""
    }

    private static func aligned(_ text: String, _ width: Int, _ column: Int) -> String {
        guard text.count <= width else { return text.prefix(width - 1) + "…" }
        let blanks = String(repeating: " ", count: width - text.count)
        return column < numberColumns ? blanks + text : text + blanks
    }

    /// A number with a number of decimals.
    private func decimal(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let whole = Int((value * Double(scale)).rounded())
        let fraction = String(abs(whole) % scale)
        let zeros = String(repeating: "0", count: max(digits - fraction.count, 0))
        return "\(whole < 0 ? "-" : "")\(abs(whole) / scale).\(zeros)\(fraction)"
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        String(reversed().drop { $0 == " " }.reversed())
    }
}
