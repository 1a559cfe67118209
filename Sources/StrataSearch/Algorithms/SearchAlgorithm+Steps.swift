internal import Strata

extension SearchAlgorithm {
    /// What a worker does next; the same trials give the same step.
    ///
    /// A paused trial is one that has to be trained further: a trial that its own callbacks end
    /// early is completed.
    ///
    /// - Parameters:
    ///   - trials: all trials so far.
    ///   - epochs: the largest number of epochs of a trial.
    ///   - direction: which objectives are better.
    ///   - mayStart: whether a budget allows new trials; if not, Hyperband's brackets go on with
    ///     the trials that they have.
    func nextStep(
        after trials: [Trial], epochs: Int, direction: ObjectiveDirection, mayStart: Bool = true
    ) -> SearchStep {
        let paused = trials.filter { $0.status == .paused }
        // Those whose process ended on the way.
        if let trial = paused.first(where: { $0.objectives.count < $0.plannedEpochs }) {
            return .resume(trial: trial.number, epochs: trial.plannedEpochs)
        }
        switch self {
        case .hyperband(let factor, _):
            return HyperbandSchedule(epochs: epochs, factor: factor)
                .nextStep(after: trials, direction: direction, mayStart: mayStart)
        case .random, .tpe, .grid:
            if let trial = paused.first(where: { $0.objectives.count < epochs }) {
                return .resume(trial: trial.number, epochs: epochs)
            }
            let running = trials.filter { $0.status == .running }
            if mayStart, self != .grid || !GridSampler.isExhausted(by: trials) {
                // The next combination depends on all that were chosen before.
                if self == .grid, running.contains(where: { $0.hyperParameters.isEmpty }) {
                    return .wait
                }
                return .start(bracket: 0, epochs: epochs)
            }
            return running.isEmpty ? .finish : .wait
        }
    }

    /// The number of feasible trials after which a search without a budget ends: one pass over
    /// the brackets of Hyperband.
    ///
    /// - Returns: `nil` for algorithms that go on for ever, or know their end themselves.
    func passLength(epochs: Int) -> Int? {
        switch self {
        case .random, .grid, .tpe: nil
        case .hyperband(let factor, _):
            HyperbandSchedule(epochs: epochs, factor: factor).trials
        }
    }

    /// How often a trial is drawn again because its values equal an earlier trial's, before all
    /// values count as tried.
    static let maxAttempts = 30

    /// What draws the values of a new trial.
    ///
    /// - Parameters:
    ///   - seed: the search's seed.
    ///   - trial: the number of the new trial.
    ///   - attempt: how often it was drawn before.
    ///   - trials: all earlier trials.
    ///   - direction: which objectives are better.
    func sampler(
        seed: UInt64, trial: Int, attempt: Int, trials: [Trial], direction: ObjectiveDirection
    ) -> any Sampler {
        let random = RandomSampler(seed: seed, trial: trial, attempt: attempt)
        switch self {
        case .random, .hyperband(_, .random): return random
        case .grid: return GridSampler(after: trials)
        case .tpe, .hyperband(_, .tpe):
            // Parzen estimators prefer the same few values, of which all may have been tried.
            if attempt >= Self.maxAttempts / 3 { return random }
            return TPESampler(
                random: random, startupTrials: startupTrials, trials: trials, direction: direction)
        }
    }

    private var startupTrials: Int {
        switch self {
        case .tpe(let startupTrials): startupTrials
        case .random, .grid, .hyperband: Self.defaultStartupTrials
        }
    }
}
