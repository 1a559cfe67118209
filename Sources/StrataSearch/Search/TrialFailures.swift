internal import Strata

/// When failures are not those of single trials, but of the search.
enum TrialFailures {
    /// As KerasTuner's `max_consecutive_failed_trials`.
    private static let mostFailed = 3
    private static let mostInfeasible = 100

    /// - Throws: a ``HyperParameterError`` with the last reason if the last trials failed, or no
    ///   model could be built so far.
    static func check(_ trials: [Trial]) throws(HyperParameterError) {
        let ended = trials.filter { $0.status != .running }
        let failed = ended.reversed().prefix { if case .failed = $0.status { true } else { false } }
        if failed.count >= mostFailed, let last = failed.first {
            throw HyperParameterError(
                nil,
                "the last \(failed.count) trials failed, trial \(last.number) with \(last.text): "
                    + (last.status.reason ?? ""),
                fix: "see what these values have in common, or what is wrong with the data")
        }
        if trials.count >= mostInfeasible, !trials.contains(where: \.isFeasible),
            let last = trials.last
        {
            throw HyperParameterError(
                nil,
                "none of \(trials.count) trials gave a model, the last one with \(last.text): "
                    + (last.status.reason ?? ""),
                fix: "change the space so that its models can be built")
        }
    }

    /// - Throws: a ``HyperParameterError`` if a search is over without any result.
    static func checkThereIsAResult(_ state: SearchState) throws(HyperParameterError) {
        guard let last = state.trials.last,
            !state.trials.contains(where: { $0.best(state.direction) != nil }),
            let reason = last.status.reason
        else { return }
        throw HyperParameterError(
            nil,
            "no trial gave a result; trial \(last.number) with \(last.text) is \(last.status.name): "
                + reason,
            fix: "change the space so that this does not happen")
    }
}

extension Trial {
    /// The values in the order in which they were asked for.
    var text: String { hyperParameters.text(values) }

    /// A line for a terminal: number, status, best value, epochs and time.
    func line(objective: (name: String, direction: ObjectiveDirection)?) -> String {
        var parts = ["trial \(number)", status.name]
        if let objective, let best = best(objective.direction) {
            parts.append(
                "\(objective.name) \(best.value.metricText) in epoch \(best.epoch) of \(objectives.count)"
            )
            parts.append("\(Int(seconds.rounded())) s")
        }
        if let reason = status.reason?.split(separator: "\n").first { parts.append(String(reason)) }
        return parts.joined(separator: "  ")
    }
}
