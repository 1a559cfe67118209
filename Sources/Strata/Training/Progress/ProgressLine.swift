/// A progress line, as in Keras.
struct ProgressLine {
    private static let barWidth = 20

    /// The number of finished steps.
    let done: Int
    /// The number of steps; `nil` if it is not known.
    let steps: Int?
    /// Elapsed or remaining time, and time for a step.
    let timing: String
    /// `loss: 0.25` and so on, and remarks.
    let quantities: [String]

    /// - Parameter columns: the maximum width; unlimited if left out.
    ///
    /// If the line is too long, the bar becomes shorter first, and then the line ends with an
    /// ellipsis: a line that wraps could not be overwritten.
    func text(columns: Int? = nil) -> String {
        let whole = text(barWidth: ProgressLine.barWidth)
        guard let columns, whole.columnCount > columns else { return whole }
        let bar = ProgressLine.barWidth - (whole.columnCount - columns)
        // Fewer than five characters are not a bar.
        return text(barWidth: bar >= 5 ? bar : 0).shortened(toColumns: columns)
    }

    private func text(barWidth: Int) -> String {
        let total = steps.map { "\($0)" } ?? "?"
        let bar = String.progressBar(done, of: steps ?? 0, columns: barWidth)
        let count = "\(done)".padded(toColumns: total.columnCount, alignsRight: true)
        let start = [count + "/" + total, bar, timing].filter { !$0.isEmpty }
        return ([start.joined(separator: " ")] + quantities).joined(separator: " - ")
    }
}
