internal import Foundation
internal import Strata

/// Draws values that good trials have and bad ones have not: the tree-structured Parzen estimator
/// (Bergstra et al., 2011), with the settings of Optuna's `TPESampler`.
///
/// Trials are parted into good and bad ones, and the density of a hyperparameter's values is
/// estimated in both. Of some values that are drawn from the density of the good ones, that with
/// the largest ratio of the two is chosen. Each hyperparameter is drawn by itself.
struct TPESampler: Sampler {
    private let random: RandomSampler
    /// The trials that have ended, the best first; empty while trials are drawn at random.
    private let ranked: [Trial]
    private let direction: ObjectiveDirection

    /// The number of values that are compared.
    private static let candidates = 24

    init(
        random: RandomSampler, startupTrials: Int, trials: [Trial], direction: ObjectiveDirection
    ) {
        self.random = random
        self.direction = direction
        let ended = trials.filter { $0.status != .running }
        ranked =
            ended.count(where: \.isFeasible) < startupTrials
            ? [] : Self.ranked(ended, direction)
    }

    func value(of parameter: HyperParameter) -> HyperParameterValue {
        let domain = parameter.domain
        let known = ranked.filter { trial in
            trial.values[parameter.name] != nil && trial.hyperParameters.contains(parameter)
        }
        if known.isEmpty || domain.count == 1 { return random.value(of: parameter) }
        // An infeasible trial does not make others good.
        let good = known.prefix(Self.goodCount(of: known.count(where: \.isFeasible)))
            .filter { Self.rank($0, direction) != nil }
        let bad = known.dropFirst(good.count)
        let quantiles = { (trials: any Sequence<Trial>) in
            // Older trials come first, for their weights.
            trials.sorted { $0.number < $1.number }.compactMap { trial in
                trial.values[parameter.name].map { domain.quantile(of: $0) }
            }
        }
        let kind = ParzenEstimator.Kind(domain)
        let density = ParzenEstimator(quantiles(good), kind)
        let other = ParzenEstimator(quantiles(bad), kind)
        var generator = random.generator(for: parameter.name)
        let drawn = (0..<Self.candidates).map { _ in density.draw(&generator) }
        let ratios = drawn.map { log(density.density(at: $0)) - log(other.density(at: $0)) }
        let best = drawn.indices.max { ratios[$0] < ratios[$1] }
        return domain.value(atQuantile: best.map { drawn[$0] } ?? 0.5)
    }

    /// The number of good trials, Optuna's.
    private static func goodCount(of count: Int) -> Int {
        min((count + 9) / 10, 25)
    }

    /// The epochs that a trial's objective stands for: a completed trial before those that were
    /// trained for less.
    ///
    /// - Returns: `nil` if its training failed.
    private static func rank(_ trial: Trial, _ direction: ObjectiveDirection) -> Int? {
        switch trial.status {
        case .running, .infeasible, .diverged, .failed: nil
        case _ where trial.best(direction) == nil: nil
        case .completed: .max
        case .paused, .stopped: trial.objectives.count
        }
    }

    /// Trials trained for longer first, as Optuna ranks pruned ones, and of these the best first.
    ///
    /// Last come those that failed, and those that could not be built.
    private static func ranked(_ trials: [Trial], _ direction: ObjectiveDirection) -> [Trial] {
        let groups = Dictionary(grouping: trials) { trial in
            rank(trial, direction) ?? (trial.isFeasible ? -1 : -2)
        }
        return groups.keys.sorted(by: >).flatMap { (groups[$0] ?? []).ranked(direction) }
    }
}
