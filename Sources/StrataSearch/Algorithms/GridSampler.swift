/// Goes through all combinations of values, in the order of a depth-first search.
///
/// The builder decides which hyperparameter comes next, so that the combinations are the leaves of
/// a tree: a trial's hyperparameters, in the order in which they were asked for, are the path to
/// one. At each hyperparameter the first value is chosen below which there are leaves that no
/// trial has reached, as Optuna's `BruteForceSampler` does. Trials of other workers may be
/// incomplete: what they ask for later makes the tree larger.
struct GridSampler: Sampler {
    /// A trial's values in the order of the questions.
    private typealias Path = [(parameter: HyperParameter, value: HyperParameterValue)]

    /// The earlier trials that have the same values so far.
    private var paths: [Path]
    private var depth = 0

    init(after trials: [Trial]) {
        paths = Self.paths(of: trials)
    }

    /// Whether every combination was tried, or is being tried.
    static func isExhausted(by trials: [Trial]) -> Bool {
        isExhausted(paths(of: trials), from: 0)
    }

    mutating func value(of parameter: HyperParameter) -> HyperParameterValue {
        let values = GridValues(parameter.domain)
        let depth = depth
        let tried = paths.filter { $0.count > depth && $0[depth].parameter == parameter }
        let free = (0..<values.count).lazy.map { values[$0] }.first { value in
            !Self.isExhausted(tried.filter { $0[depth].value.isSame(as: value) }, from: depth + 1)
        }
        // All are exhausted only if the builder asks for other hyperparameters than before.
        let value = free ?? values[0]
        paths = tried.filter { $0[depth].value.isSame(as: value) }
        self.depth += 1
        return value
    }

    private static func paths(of trials: [Trial]) -> [Path] {
        trials.compactMap { trial in
            let path = trial.hyperParameters.compactMap { parameter in
                trial.values[parameter.name].map { (parameter: parameter, value: $0) }
            }
            return path.isEmpty && isUnknown(trial) ? nil : path
        }
    }

    /// Whether a trial without values may only not have come to the first question.
    private static func isUnknown(_ trial: Trial) -> Bool {
        switch trial.status {
        case .running: true
        case .failed: trial.objectives.isEmpty
        case .paused, .completed, .stopped, .infeasible, .diverged: false
        }
    }

    /// Whether trials with the same values down to a depth reached all leaves below it.
    private static func isExhausted(_ paths: [Path], from depth: Int) -> Bool {
        if paths.isEmpty { return false }
        guard let parameter = paths.last(where: { $0.count > depth })?[depth].parameter else {
            return true
        }
        let tried = paths.filter { $0.count > depth && $0[depth].parameter == parameter }
        let values = GridValues(parameter.domain)
        return (0..<values.count).allSatisfy { index in
            let value = values[index]
            return isExhausted(
                tried.filter { $0[depth].value.isSame(as: value) }, from: depth + 1)
        }
    }
}

/// The values of a hyperparameter that a grid has.
private struct GridValues {
    private let domain: HyperParameter.Domain
    /// The values of a range without a step; `nil` for a domain that lists its values.
    private let middles: [HyperParameterValue]?
    let count: Int

    /// The number of values of a range without a step, KerasTuner's.
    private static let rangeCount = 10

    init(_ domain: HyperParameter.Domain) {
        self.domain = domain
        guard domain.isContinuous, domain.count ?? .max > Self.rangeCount else {
            middles = nil
            count = domain.count ?? 1
            return
        }
        // The middles of equally likely intervals; some can be the same integer.
        let all = (0..<Self.rangeCount).map {
            domain.value(atQuantile: (Double($0) + 0.5) / Double(Self.rangeCount))
        }
        let different = all.indices.filter { $0 == 0 || all[$0] != all[$0 - 1] }.map { all[$0] }
        middles = different
        count = different.count
    }

    subscript(index: Int) -> HyperParameterValue { middles?[index] ?? domain.value(at: index) }
}
