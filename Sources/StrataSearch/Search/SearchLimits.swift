internal import Foundation
internal import Strata

/// What a worker needs to know of its search.
struct SearchContext {
    let settings: SearchSettings
    let limits: SearchLimits
    let folder: SearchFolder
    let journal: SearchJournal
}

/// Whether the budget of a search is used up, or its end was asked for.
struct SearchLimits {
    let budget: SearchBudget
    let stopRequest: StopRequest

    /// Whether no trial may be trained any further now.
    ///
    /// - Parameter countsEpochs: whether the epochs of the budget matter, which only the end of an
    ///   epoch uses up.
    func isOver(_ journal: SearchJournal, countsEpochs: Bool = true) -> Bool {
        if stopRequest.isSet { return true }
        let state = journal.state
        if let seconds = budget.seconds,
            state.wallTime(of: journal.worker, now: Date().timeIntervalSince1970) >= seconds
        {
            return true
        }
        return countsEpochs && budget.epochs.map { state.epochCount >= $0 } ?? false
    }

    /// The number of trials that are drawn at most; `nil` without a limit.
    ///
    /// - Parameter algorithm: without a budget, it says when it is done.
    func trials(_ algorithm: SearchAlgorithm, epochs: Int) -> Int? {
        if let trials = budget.trials { return trials }
        if budget != SearchBudget() { return nil }
        switch algorithm {
        case .random, .tpe: return 10
        case .grid, .hyperband: return algorithm.passLength(epochs: epochs)
        }
    }
}
