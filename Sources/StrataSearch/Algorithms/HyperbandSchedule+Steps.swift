internal import Foundation
internal import Strata

extension HyperbandSchedule {
    /// What a worker does next.
    ///
    /// A round is decided when none of its trials is running any more; meanwhile, the next bracket
    /// starts. Trials that diverged or failed have lost; infeasible ones are replaced.
    func nextStep(after trials: [Trial], direction: ObjectiveDirection, mayStart: Bool)
        -> SearchStep
    {
        let members = Dictionary(grouping: trials.filter(\.isFeasible), by: \.bracket)
        let indices = members.keys.sorted()
        for index in indices {
            let step = BracketState(index, bracket(index), members[index] ?? [], direction)
                .nextStep(mayStart: mayStart)
            if let step { return step }
        }
        if mayStart {
            let index = indices.last.map { min($0, .max - 1) + 1 } ?? 0
            return .start(bracket: index, epochs: bracket(index).epochs[0])
        }
        return trials.contains { $0.status == .running } ? .wait : .finish
    }
}

/// A bracket and its trials so far.
private struct BracketState {
    let index: Int
    let bracket: HyperbandSchedule.Bracket
    let trials: [(trial: Trial, round: Int)]
    let direction: ObjectiveDirection

    init(
        _ index: Int, _ bracket: HyperbandSchedule.Bracket, _ trials: [Trial],
        _ direction: ObjectiveDirection
    ) {
        self.index = index
        self.bracket = bracket
        self.direction = direction
        let last = bracket.epochs.count - 1
        self.trials = trials.map { trial in
            (trial, bracket.epochs.firstIndex { $0 >= trial.plannedEpochs } ?? last)
        }
    }

    /// - Returns: `nil` if all trials are running or have ended.
    func nextStep(mayStart: Bool) -> SearchStep? {
        let isFull = !mayStart || trials.count >= bracket.size
        for round in bracket.epochs.indices.dropLast() {
            let paused = trials.filter { $0.round == round && $0.trial.status == .paused }
            if paused.isEmpty { continue }
            let isRunning = trials.contains { $0.round <= round && $0.trial.status == .running }
            if isRunning || !isFull { break }
            return decide(paused.map(\.trial), round)
        }
        return isFull ? nil : .start(bracket: index, epochs: bracket.epochs[0])
    }

    /// Ends the losers of a round; then its best trials go on, one after the other.
    private func decide(_ paused: [Trial], _ round: Int) -> SearchStep {
        let wentOn = trials.count { $0.round > round }
        let places = max(
            bracket.trials(inRound: round + 1, of: min(trials.count, bracket.size)) - wentOn, 0)
        let ranked = paused.ranked(direction)
        let losers = ranked.dropFirst(places)
        guard let best = ranked.first, losers.isEmpty else {
            let all = trials.count { $0.round >= round }
            let value = ranked.first?.best(direction)?.value
            return .stop(
                trials: losers.map(\.number).sorted(),
                reason: "\(wentOn + ranked.count - losers.count) of \(all) went on after "
                    + epochs(bracket.epochs[round])
                    + (value.map { String(format: ", best %.4g", $0) } ?? ""))
        }
        return .resume(trial: best.number, epochs: bracket.epochs[round + 1])
    }

    private func epochs(_ count: Int) -> String { count == 1 ? "1 epoch" : "\(count) epochs" }
}

extension [Trial] {
    /// The trials with the best objectives first; the earlier one of equal ones.
    func ranked(_ direction: ObjectiveDirection) -> [Trial] {
        map { ($0, $0.best(direction)?.value) }.sorted { a, b in
            guard let (x, y) = a.1.flatMap({ x in b.1.map { (x, $0) } }) else {
                return (a.1 == nil) == (b.1 == nil) ? a.0.number < b.0.number : b.1 == nil
            }
            return x == y ? a.0.number < b.0.number : direction.isBetter(x, than: y)
        }.map(\.0)
    }
}
