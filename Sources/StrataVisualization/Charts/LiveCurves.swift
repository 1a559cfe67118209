internal import Foundation
public import Strata

/// Shows the training curves in the terminal, under the progress bar.
///
/// If standard output is not a terminal, it shows nothing.
public final class LiveCurves: Callback, EpochCallback {
    /// The lines of the chart below the bar.
    private var shown = 0
    private let isTerminal: Bool

    public override init() {
        isTerminal = Console.canRedraw
    }

    /// The epochs so far, those before an interruption too.
    private var history: History { model?.history ?? History() }

    public override func onTrainBegin() {
        shown = 0
    }

    /// Draws the chart below the bar, and moves the cursor back to the bar.
    public override func onEpochBegin(_ epoch: Int) {
        guard isTerminal, history.epoch.count > 1 else { return }
        let text = chart
        guard !text.isEmpty else { return }
        shown = text.split(separator: "\n", omittingEmptySubsequences: false).count
        // A line between them stays empty for the end of the bar, which may be longer than a line.
        Console.write("\n\n" + text + "\u{1B}[\(shown + 1)A\r")
    }

    /// Removes the chart; the bar has just ended its line.
    public override func onEpochEnd(_ epoch: Int, logs: Logs) {
        guard isTerminal else { return }
        if shown > 0 { Console.write("\u{1B}[J") }
        shown = 0
    }

    public override func onTrainEnd(logs: Logs) {
        guard isTerminal else { return }
        if shown > 0 { Console.write("\n\u{1B}[J") }
        shown = 0
        let text = chart
        if history.epoch.count > 1, !text.isEmpty { Console.write(text + "\n") }
    }

    /// As high as fits below the bar; empty if nothing fits.
    private var chart: String {
        guard let window = TerminalWindow() else { return "" }
        // no-color.org: any value but the empty one disables colours.
        let isPlain = ProcessInfo.processInfo.environment["NO_COLOR"]?.isEmpty == false
        return history.text(
            width: window.lineLength, linesAtMost: window.rows - 4, hasColours: !isPlain)
    }
}
