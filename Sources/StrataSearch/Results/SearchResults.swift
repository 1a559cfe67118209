public import Strata

/// The results of a search: its trials, best first, and what they say about the hyperparameters.
///
/// ```swift
/// func report(_ results: SearchResults) throws {
///     print(results.summary)
///     print(results.table())
///     print(results.importanceTable)
///     try results.write(to: "searches/fashion-mnist")
/// }
/// ```
public struct SearchResults: Sendable {
    /// All trials, in the order of their numbers.
    public let trials: [Trial]
    /// The quantity that was optimized, such as `val_accuracy`.
    public let objective: String
    public let direction: ObjectiveDirection

    init(trials: [Trial], objective: String, direction: ObjectiveDirection) {
        self.trials = trials.sorted { $0.number < $1.number }
        self.objective = objective
        self.direction = direction
    }

    /// The best trials, each by its best epoch.
    ///
    /// Of equally good ones, that with fewer epochs comes first, then that with the lower number.
    ///
    /// - Parameter count: the most trials; those whose objective was never finite are left out.
    public func best(_ count: Int = 1) -> [Trial] {
        let ranked = trials.compactMap { trial in
            trial.best(direction).map { (trial: trial, value: $0.value) }
        }
        let sorted = ranked.sorted { a, b in
            if a.value != b.value { return direction.isBetter(a.value, than: b.value) }
            return (a.trial.objectives.count, a.trial.number)
                < (b.trial.objectives.count, b.trial.number)
        }
        return sorted.prefix(max(count, 0)).map(\.trial)
    }

    /// The hyperparameters of the trials, in the order in which they were first asked for; those
    /// that cannot vary are left out.
    var variables: [HyperParameter] {
        var names = Set<String>()
        return trials.flatMap(\.hyperParameters).filter {
            $0.domain.count != 1 && names.insert($0.name).inserted
        }
    }
}

extension Trial {
    /// The value of a hyperparameter; `nil` if the trial does not have it.
    func value(of parameter: HyperParameter) -> HyperParameterValue? {
        values[parameter.name].flatMap { try? parameter.checked($0) }
    }

    /// Whether it ended, so that it is worse than all others if it has no value.
    var hasEnded: Bool {
        switch status {
        case .running, .paused: false
        case .completed, .stopped, .infeasible, .diverged, .failed: true
        }
    }
}
