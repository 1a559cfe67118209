/// What a worker does next.
enum SearchStep: Sendable, Hashable {
    /// Draws a new trial, and trains it up to a number of epochs.
    case start(bracket: Int, epochs: Int)
    /// Trains a paused trial further, up to a number of epochs.
    case resume(trial: Int, epochs: Int)
    /// Ends paused trials, because others are better; then asks again.
    case stop(trials: [Int], reason: String)
    /// Waits until another worker has finished a trial.
    case wait
    /// Everything was tried that the algorithm wanted to.
    case finish
}
