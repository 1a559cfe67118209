internal import Foundation
internal import Strata

/// Whether the budget of a search is used up, or its end was asked for.
struct SearchLimits {
    let budget: SearchBudget
    let stopRequest: StopRequest

    /// Whether no trial may be trained any further now.
    func isOver(_ state: SearchState, worker: String) -> Bool {
        if stopRequest.isSet || isTimeOver(state, worker: worker) { return true }
        return budget.epochs.map { state.epochCount >= $0 } ?? false
    }

    /// Whether the wall time is used up.
    func isTimeOver(_ state: SearchState, worker: String) -> Bool {
        guard let seconds = budget.seconds else { return false }
        return state.wallTime(of: worker, now: Date().timeIntervalSince1970) >= seconds
    }

    /// The number of trials that are drawn at most; `nil` without a limit.
    ///
    /// - Parameter algorithm: without a budget, it says when it is done.
    func trials(_ algorithm: SearchAlgorithm, epochs: Int) -> Int? {
        if let trials = budget.trials { return trials }
        if budget != SearchBudget() { return nil }
        switch algorithm {
        case .random, .tpe: return 10
        case .grid: return nil
        case .hyperband: return algorithm.passLength(epochs: epochs)
        }
    }
}
