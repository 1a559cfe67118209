import Foundation

/// Displays progress: a bar on a terminal as in Keras, plain lines elsewhere.
struct ProgressDisplay {
    private enum Form {
        case none
        case bar
        case line
    }

    /// Keras's interval, so that the terminal does not slow down training.
    private static let interval = 0.05
    /// The fraction of an epoch from which on waiting for data is shown.
    private static let notableWaiting = 0.01

    private let form: Form
    private let title: String?
    /// `nil` if the data does not define it.
    private let steps: Int?
    private let start = Date()
    private var lastDrawn = Date.distantPast
    private var done = 0
    /// The width of the drawn line, in columns.
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

    /// Called after `step` batches; `logs` is evaluated only if something is drawn.
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

    /// - Parameter waiting: the time that the steps waited for data.
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
        // Without a known number of steps the bar stays empty until the end.
        let line = ProgressLine(
            done: done, steps: steps ?? (isLast ? done : nil), timing: timing(isLast: isLast),
            quantities: quantities(logs) + remark)
        // A line that is not overwritten is written in full.
        let columns = TerminalWindow()?.lineLength
        let text = line.text(columns: isLast ? nil : columns)
        // A window that became narrower must not wrap the spaces.
        let width = min(drawnWidth, columns ?? drawnWidth)
        drawnWidth = text.columnCount
        Console.write("\r" + text.padded(toColumns: width) + (isLast ? "\n" : ""))
    }

    /// Elapsed or remaining time, and time for a step.
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
        // With an unknown number of steps there is no remaining time.
        guard let whole = Int(exactly: seconds.rounded()) else { return "?" }
        if whole < 60 { return "\(whole)s" }
        let rest = whole % 60
        let minutes = whole / 60 % 60
        let tail = "\(rest < 10 ? "0" : "")\(rest)"
        if whole < 3600 { return "\(minutes):\(tail)" }
        return "\(whole / 3600):\(minutes < 10 ? "0" : "")\(minutes):\(tail)"
    }

    /// Quantities in Keras's order: by name, validation last.
    private func quantities(_ logs: Logs) -> [String] {
        let names = logs.keys.sorted { a, b in
            let (first, second) = (a.hasPrefix("val_"), b.hasPrefix("val_"))
            return first != second ? second : a < b
        }
        return names.map { "\($0): \((logs[$0] ?? .nan).metricText)" }
    }
}
