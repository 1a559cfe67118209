import Foundation

/// Draws how far a run is: a bar on a terminal as Keras does, plain lines elsewhere.
struct ProgressDisplay {
    private enum Form {
        case none
        case bar
        case line
    }

    /// Keras draws no more often, so that the terminal is no brake.
    private static let interval = 0.05
    private static let barWidth = 20

    private let form: Form
    private let title: String?
    private let steps: Int
    private let start = Date()
    private var lastDrawn = Date.distantPast
    private var done = 0
    private var drawnLength = 0

    init(_ verbosity: Verbosity, title: String?, steps: Int) {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        form =
            switch verbosity {
            case .silent: .none
            case .bar: .bar
            case .line: .line
            case .automatic: isTerminal ? .bar : .line
            }
        self.title = title
        self.steps = steps
        if form == .bar, let title { write(title + "\n") }
    }

    /// After `step` batches; `logs` is asked for only if something is drawn.
    mutating func update(_ step: Int, _ logs: () -> Logs) {
        done = step
        guard form == .bar else { return }
        let now = Date()
        guard now.timeIntervalSince(lastDrawn) >= ProgressDisplay.interval, step < steps else {
            return
        }
        lastDrawn = now
        draw(logs(), isLast: false)
    }

    mutating func finish(_ logs: Logs) {
        switch form {
        case .none: return
        case .bar: draw(logs, isLast: true)
        case .line:
            let count = title ?? "\(done)/\(steps)"
            write(
                ([count, timing(isLast: true)] + quantities(logs)).joined(separator: " - ") + "\n")
        }
    }

    private mutating func draw(_ logs: Logs, isLast: Bool) {
        let filled = steps > 0 ? ProgressDisplay.barWidth * done / steps : ProgressDisplay.barWidth
        let count = String(repeating: " ", count: "\(steps)".count - "\(done)".count)
        let bar =
            String(repeating: "━", count: filled)
            + String(repeating: "─", count: ProgressDisplay.barWidth - filled)
        let text =
            (["\(count)\(done)/\(steps) \(bar) \(timing(isLast: isLast))"] + quantities(logs))
            .joined(separator: " - ")
        let blank = String(repeating: " ", count: max(drawnLength - text.count, 0))
        drawnLength = text.count
        write("\r" + text + blank + (isLast ? "\n" : ""))
    }

    /// Time taken, or still to go, and time for a step.
    private func timing(isLast: Bool) -> String {
        let elapsed = Date().timeIntervalSince(start)
        let perStep = done > 0 ? elapsed / Double(done) : 0
        let total = isLast ? elapsed : perStep * Double(max(steps - done, 0))
        let step =
            perStep >= 1
            ? "\(Int(perStep.rounded()))s"
            : perStep >= 1e-3
                ? "\(Int((perStep * 1e3).rounded()))ms" : "\(Int((perStep * 1e6).rounded()))us"
        return "\(duration(total)) \(step)/step"
    }

    private func duration(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole)s" }
        let rest = whole % 60
        let minutes = whole / 60 % 60
        let tail = "\(rest < 10 ? "0" : "")\(rest)"
        if whole < 3600 { return "\(minutes):\(tail)" }
        return "\(whole / 3600):\(minutes < 10 ? "0" : "")\(minutes):\(tail)"
    }

    /// Quantities in Keras's order: by name, those of validation last.
    private func quantities(_ logs: Logs) -> [String] {
        let names = logs.keys.sorted { a, b in
            let (first, second) = (a.hasPrefix("val_"), b.hasPrefix("val_"))
            return first != second ? second : a < b
        }
        return names.map { "\($0): \(number(logs[$0] ?? .nan))" }
    }

    private func number(_ value: Float) -> String {
        abs(value) > 1e-3 || value == 0
            ? String(format: "%.4f", value) : String(format: "%.4e", value)
    }

    private func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}
