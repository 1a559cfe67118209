/// The line that shows how far a run is, as Keras writes it.
struct ProgressLine {
    private static let barWidth = 20

    /// Steps that are over.
    let done: Int
    /// All steps; `nil` where their number is not known.
    let steps: Int?
    /// Time taken or to go, and time for a step.
    let timing: String
    /// `loss: 0.25` and so on, and remarks.
    let quantities: [String]

    /// - Parameter columns: how long the line may be; as long as it is where left out.
    ///
    /// Where there is no room for everything the bar becomes shorter first, and then the line ends with an
    /// ellipsis: a line that wraps could not be drawn over again.
    func text(columns: Int? = nil) -> String {
        let whole = text(barWidth: ProgressLine.barWidth)
        guard let columns, whole.columnCount > columns else { return whole }
        let bar = ProgressLine.barWidth - (whole.columnCount - columns)
        // Less than five characters are no bar.
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
