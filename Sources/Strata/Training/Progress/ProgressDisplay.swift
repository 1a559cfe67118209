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
    /// The share of an epoch from which on waiting for data is told.
    private static let notableWaiting = 0.01

    private let form: Form
    private let title: String?
    /// Not known where the data does not tell.
    private let steps: Int?
    private let start = Date()
    private var lastDrawn = Date.distantPast
    private var done = 0
    /// Of the line that is drawn, in columns.
    private var drawnWidth = 0

    init(_ verbosity: Verbosity, title: String?, steps: Int?) {
        let isTerminal = Console.canRedraw
        form =
            switch verbosity {
            case .silent: .none
            case .bar: .bar
            case .line: .line
            case .automatic: isTerminal ? .bar : .line
            }
        self.title = title
        self.steps = steps
        if form == .bar, let title { Console.write(title + "\n") }
    }

    /// After `step` batches; `logs` is asked for only if something is drawn.
    mutating func update(_ step: Int, _ logs: () -> Logs) {
        done = step
        guard form == .bar else { return }
        let now = Date()
        guard now.timeIntervalSince(lastDrawn) >= ProgressDisplay.interval, step < steps ?? .max
        else {
            return
        }
        lastDrawn = now
        draw(logs(), isLast: false)
    }

    /// - Parameter waiting: how long the steps had to wait for data; told where it matters.
    mutating func finish(_ logs: Logs, waiting: Duration = .zero) {
        let elapsed = Date().timeIntervalSince(start)
        let share = elapsed > 0 ? (waiting / .seconds(1)) / elapsed : 0
        let remark =
            share >= ProgressDisplay.notableWaiting
            ? ["\(Int((100 * share).rounded())) % waiting for data"] : []
        switch form {
        case .none: return
        case .bar: draw(logs, isLast: true, remark)
        case .line:
            let count = title ?? "\(done)/\(steps ?? done)"
            let parts = [count, timing(isLast: true)] + quantities(logs) + remark
            Console.write(parts.joined(separator: " - ") + "\n")
        }
    }

    private mutating func draw(_ logs: Logs, isLast: Bool, _ remark: [String] = []) {
        // Where the number of steps is not known the bar stays empty until the end.
        let line = ProgressLine(
            done: done, steps: steps ?? (isLast ? done : nil), timing: timing(isLast: isLast),
            quantities: quantities(logs) + remark)
        // What is not drawn over again is said in full.
        let columns = TerminalWindow()?.lineLength
        let text = line.text(columns: isLast ? nil : columns)
        // A window that became narrower must not wrap the blanks.
        let width = min(drawnWidth, columns ?? drawnWidth)
        drawnWidth = text.columnCount
        Console.write("\r" + text.padded(toColumns: width) + (isLast ? "\n" : ""))
    }

    /// Time taken, or still to go, and time for a step.
    private func timing(isLast: Bool) -> String {
        let elapsed = Date().timeIntervalSince(start)
        let perStep = done > 0 ? elapsed / Double(done) : 0
        let total = isLast ? elapsed : perStep * Double(max((steps ?? done) - done, 0))
        let step =
            perStep >= 1
            ? "\(Int(perStep.rounded()))s"
            : perStep >= 1e-3
                ? "\(Int((perStep * 1e3).rounded()))ms" : "\(Int((perStep * 1e6).rounded()))us"
        return "\(duration(total)) \(step)/step"
    }

    private func duration(_ seconds: Double) -> String {
        // Of steps without number no time is to go that a number could hold.
        guard let whole = Int(exactly: seconds.rounded()) else { return "?" }
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
        return names.map { "\($0): \((logs[$0] ?? .nan).metricText)" }
    }
}
