/// When a search ends: as soon as one of its limits is reached.
///
/// Without any, random search and TPE try ten trials, as KerasTuner does, Hyperband runs all of its
/// brackets once, and grid search tries everything.
///
/// A search that has ended goes on when `search` is called again with a larger budget.
public struct SearchBudget: Sendable, Hashable {
    /// The largest number of trials; those whose model cannot be built do not count.
    public var trials: Int?
    /// The largest number of epochs that all trials are trained for together.
    public var epochs: Int?
    /// The longest time from the start, without pauses in which no process worked at the search.
    public var wallTime: Duration?

    /// - Parameters:
    ///   - trials: the largest number of trials, 1 or more.
    ///   - epochs: the largest number of epochs of all trials together, 1 or more.
    ///   - wallTime: the longest time, above 0. Models so large that training one would take more
    ///     than a third of it are given up after some batches.
    public init(trials: Int? = nil, epochs: Int? = nil, wallTime: Duration? = nil) {
        self.trials = trials
        self.epochs = epochs
        self.wallTime = wallTime
    }

    /// - Throws: a ``HyperParameterError`` if a limit is out of range.
    func check() throws(HyperParameterError) {
        for (name, value) in [("trials", trials), ("epochs", epochs)] {
            guard let value, value < 1 else { continue }
            throw HyperParameterError(
                nil, "the budget has \(value) \(name)", fix: "use 1 or more, or leave it out")
        }
        if let wallTime, wallTime <= .zero {
            throw HyperParameterError(
                nil, "the budget's time is \(wallTime)", fix: "use a time above 0, or leave it out")
        }
    }

    /// The time in seconds.
    var seconds: Double? { wallTime.map { $0 / .seconds(1) } }
}
