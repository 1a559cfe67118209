/// What each step of a plan takes.
package struct Profile: Sendable {
    package struct Row: Sendable {
        package var name: String
        /// What is computed, in which implementation and layout.
        package var note: String
        /// Mean time of one call.
        package var seconds: Double
        /// Floating-point operations of one call, where the step is a product or a convolution.
        package var operations: Double
        /// Bytes that the call reads and writes.
        package var byteCount: Int
    }

    /// The steps in the order in which they run.
    package var rows: [Row]
    /// Mean time of a run, with what lies between the steps.
    package var total: Double
}

extension Profile: CustomStringConvertible {
    /// A table with the longest steps first, then the total and what no step accounts for.
    package var description: String {
        let accounted = rows.reduce(0) { $0 + $1.seconds }
        var lines = ["      ms      %   GFLOP/s     GB/s  step"]
        for row in rows.sorted(by: { $0.seconds > $1.seconds }) {
            let rate = row.operations > 0 ? row.operations / row.seconds * 1e-9 : 0
            lines.append(
                [
                    decimal(row.seconds * 1e3, 3, 8), decimal(100 * row.seconds / total, 1, 7),
                    row.operations > 0 ? decimal(rate, 1, 10) : String(repeating: " ", count: 10),
                    decimal(Double(row.byteCount) / row.seconds * 1e-9, 1, 9),
                    "  \(row.name)  [\(row.note)]",
                ].joined())
        }
        lines.append("\(decimal(accounted * 1e3, 3, 8)) ms in \(rows.count) steps")
        lines.append("\(decimal((total - accounted) * 1e3, 3, 8)) ms unaccounted")
        lines.append("\(decimal(total * 1e3, 3, 8)) ms in total")
        return lines.joined(separator: "\n")
    }

    /// A number with `digits` decimals, right-aligned in `width`.
    private func decimal(_ value: Double, _ digits: Int, _ width: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        let whole = Int((value * scale).rounded())
        let fraction = String(abs(whole) % Int(scale))
        let zeros = String(repeating: "0", count: max(digits - fraction.count, 0))
        let text = "\(whole < 0 ? "-" : "")\(abs(whole) / Int(scale)).\(zeros)\(fraction)"
        return String(repeating: " ", count: max(width - text.count, 0)) + text
    }
}

extension Executable {
    /// Runs the plan for about `seconds` and measures each step.
    package func profile(seconds: Double) throws(EngineError) -> Profile {
        let clock = ContinuousClock()
        for _ in 0..<3 { try run() }
        var times = Array(repeating: Duration.zero, count: plan.steps.count)
        var runs = 0
        var whole = Duration.zero
        while runs < 3 || whole < .seconds(seconds) {
            let begin = clock.now
            try run { step, duration in times[step] += duration }
            whole += begin.duration(to: clock.now)
            runs += 1
        }
        let rows = plan.steps.enumerated().map { index, step in
            Profile.Row(
                name: step.name, note: step.note, seconds: times[index].seconds / Double(runs),
                operations: step.operations,
                byteCount: Set(step.reads + step.writes).reduce(0) {
                    $0 + ($1 >= 0 ? plan.buffers[$1].byteCount : 0)
                })
        }
        return Profile(rows: rows, total: whole.seconds / Double(runs))
    }
}

extension Duration {
    fileprivate var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
