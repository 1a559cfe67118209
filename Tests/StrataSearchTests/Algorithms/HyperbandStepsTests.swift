import Foundation
import Strata
import Testing

@testable import StrataSearch

/// Hyperband's decisions, whatever trials and workers do.
@Suite struct HyperbandStepsTests {
    private let algorithm = SearchAlgorithm.hyperband(factor: 3, sampler: .random)

    private func trial(
        _ number: Int, _ status: Trial.Status, planned: Int, bracket: Int = 0,
        _ objectives: Float...
    ) -> Trial {
        var trial = Trial(number: number)
        trial.status = status
        trial.plannedEpochs = planned
        trial.bracket = bracket
        trial.objectives = objectives
        return trial
    }

    private func next(_ trials: [Trial], mayStart: Bool = true) -> SearchStep {
        algorithm.nextStep(
            after: trials, epochs: 3, direction: .maximum, mayStart: mayStart)
    }

    /// Brackets of 3 epochs: 3 trials of 1 epoch, of which 1 goes on; then 2 of 3 epochs.
    @Test func oneBracket() {
        #expect(next([]) == .start(bracket: 0, epochs: 1))
        var trials = [
            trial(1, .paused, planned: 1, 0.5), trial(2, .infeasible("too small"), planned: 1),
            trial(3, .paused, planned: 1, 0.75),
        ]
        #expect(next(trials) == .start(bracket: 0, epochs: 1))
        trials.append(trial(4, .running, planned: 1))
        // The round is not over, but another worker has something to do.
        #expect(next(trials) == .start(bracket: 1, epochs: 3))
        #expect(next(trials, mayStart: false) == .wait)
        trials[3] = trial(4, .diverged("NaN"), planned: 1, .nan)
        let reason = "1 of 3 went on after 1 epoch, best 0.75"
        #expect(next(trials) == .stop(trials: [1], reason: reason))
        trials[0].status = .stopped(reason)
        #expect(next(trials) == .resume(trial: 3, epochs: 3))
        trials[2] = trial(3, .running, planned: 3, 0.75)
        #expect(next(trials) == .start(bracket: 1, epochs: 3))
        trials[2] = trial(3, .completed, planned: 3, 0.75, 0.8, 0.85)
        #expect(next(trials, mayStart: false) == .finish)
    }

    /// A trial whose process ended in the middle comes first.
    @Test func interrupted() {
        let trials = [
            trial(1, .paused, planned: 1, 0.5), trial(2, .paused, planned: 1, 0.5),
            trial(3, .paused, planned: 3, 0.5, 0.5),
        ]
        #expect(next(trials) == .resume(trial: 3, epochs: 3))
        for algorithm in [SearchAlgorithm.random, .grid, .tpe()] {
            #expect(
                algorithm.nextStep(after: [trials[2]], epochs: 3, direction: .minimum)
                    == .resume(trial: 3, epochs: 3))
        }
    }

    /// A budget that ends within a bracket leaves it smaller: one of two goes on.
    @Test func unfilledBracket() {
        let trials = [trial(1, .paused, planned: 1, 0.5), trial(2, .paused, planned: 1, 0.25)]
        #expect(next(trials) == .start(bracket: 0, epochs: 1))
        #expect(
            next(trials, mayStart: false)
                == .stop(trials: [2], reason: "1 of 2 went on after 1 epoch, best 0.5"))
        #expect(next([trials[0]], mayStart: false) == .resume(trial: 1, epochs: 3))
    }

    /// Without any finite objective the earlier trial goes on; it may recover.
    @Test func noObjectives() {
        let trials = (1...3).map { trial($0, .paused, planned: 1, .nan) }
        #expect(
            next(trials) == .stop(trials: [2, 3], reason: "1 of 3 went on after 1 epoch"))
    }

    /// A curve that falls to a level in a rate of its own; some trials end otherwise.
    private func model(failures: Bool) -> (HyperParameters) throws -> (Int) -> Float {
        { hp in
            let level = try hp.float("level", minValue: 0, maxValue: 1)
            let rate = try hp.float("rate", minValue: 0.1, maxValue: 2)
            let fate = try hp.int("fate", minValue: 0, maxValue: 99)
            let end = try hp.int("end", minValue: 1, maxValue: 12)
            if failures, fate < 15 { throw SimulatedSearch.Failure.infeasible }
            return { epoch in
                if failures, fate < 30, epoch >= end { return .nan }
                if failures, fate < 45, epoch >= end { return .infinity }
                return Float(level + exp(-rate * Double(epoch)))
            }
        }
    }

    private func search(
        _ algorithm: SearchAlgorithm, workers: Int, seed: UInt64, failures: Bool,
        epochs: Int = 27, buildsAtOnce: Bool = true, maxTrials: Int = .max
    ) throws -> SimulatedSearch {
        var search = SimulatedSearch(algorithm, epochs: epochs)
        search.workers = workers
        search.seed = seed
        search.buildsAtOnce = buildsAtOnce
        search.maxTrials = maxTrials
        try search.run(model(failures: failures))
        return search
    }

    /// The simulation itself throws if a worker waits for nobody, or resumes a trial that is not
    /// paused.
    @Test(arguments: 1...4, [1, 2, 3] as [UInt64])
    func neverStuck(_ workers: Int, _ seed: UInt64) throws {
        for epochs in [1, 2, 5, 27] {
            for (sampler, buildsAtOnce) in [
                (SearchAlgorithm.HyperbandSampler.random, false), (.tpe, true),
            ] {
                let search = try search(
                    .hyperband(factor: 3, sampler: sampler), workers: workers, seed: seed,
                    failures: true, epochs: epochs, buildsAtOnce: buildsAtOnce)
                let schedule = HyperbandSchedule(epochs: epochs, factor: 3)
                let trials = search.trials.filter(\.isFeasible)
                #expect(
                    Dictionary(grouping: trials, by: \.bracket).mapValues(\.count)
                        == Dictionary(
                            uniqueKeysWithValues: schedule.brackets.enumerated().map {
                                ($0.offset, $0.element.size)
                            }))
                #expect(trials.allSatisfy { $0.status != .paused && $0.status != .running })
            }
        }
    }

    /// Each round that was decided kept the best of all its trials, as many as the schedule says.
    @Test(arguments: 1...4, [true, false])
    func bestGoOn(_ workers: Int, _ failures: Bool) throws {
        let search = try search(algorithm, workers: workers, seed: 9, failures: failures)
        let schedule = HyperbandSchedule(epochs: 27, factor: 3)
        var decisions = 0
        for (index, bracket) in schedule.brackets.enumerated() {
            let members = search.trials.filter { $0.isFeasible && $0.bracket == index }
            for (round, epochs) in bracket.epochs.enumerated().dropLast() {
                let took = members.filter { $0.plannedEpochs >= epochs }
                // Those that reached the end of the round, the best first.
                let ranked = took.filter {
                    $0.objectives.count >= epochs
                        && $0.objectives.prefix(epochs).allSatisfy(\.isFinite)
                }.sorted {
                    ($0.objectives.prefix(epochs).min() ?? 0)
                        < ($1.objectives.prefix(epochs).min() ?? 0)
                }
                let places = bracket.trials[round + 1]
                let wentOn = took.filter { $0.plannedEpochs > epochs }
                #expect(
                    Set(wentOn.map(\.number)) == Set(ranked.prefix(places).map(\.number)))
                decisions += wentOn.count
            }
        }
        // Without failures: 9 + 3 + 1, 4 + 1, and 2 trials went on.
        #expect(failures ? decisions > 0 : decisions == 20)
    }

    @Test(arguments: [SearchAlgorithm.random, .hyperband(factor: 3, sampler: .random)])
    func workersDoNotMatter(_ algorithm: SearchAlgorithm) throws {
        let all = try (1...4).map { workers in
            try search(algorithm, workers: workers, seed: 4, failures: true, maxTrials: 60)
        }
        let epochs = all.map { $0.trials.map(\.objectives.count) }
        for (search, itsEpochs) in zip(all, epochs) {
            #expect(itsEpochs == epochs[0])
            #expect(search.trials.map(\.values) == all[0].trials.map(\.values))
            #expect(search.trials.map(\.status) == all[0].trials.map(\.status))
            #expect(search.trials.map(\.bracket) == all[0].trials.map(\.bracket))
        }
    }

    @Test func passes() {
        // 81 + 34 + 15 + 8 + 5 trials.
        #expect(SearchAlgorithm.hyperband().passLength(epochs: 81) == 143)
        #expect(SearchAlgorithm.tpe().passLength(epochs: 81) == nil)
    }
}
