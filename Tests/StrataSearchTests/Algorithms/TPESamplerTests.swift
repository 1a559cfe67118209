import Foundation
import Strata
import Testing

@testable import StrataSearch

/// The Parzen estimator finds good values sooner than chance does.
@Suite struct TPESamplerTests {
    /// A synthetic objective to minimise.
    enum Objective: String, CaseIterable, CustomTestStringConvertible {
        case sphere, logarithmic, conditional, categorical, stepped
        var testDescription: String { rawValue }

        func value(_ hp: HyperParameters) throws -> Double {
            switch self {
            case .sphere:
                return try (0..<4).reduce(0) { sum, index in
                    let x = try hp.float("x\(index)", minValue: -1, maxValue: 1)
                    return sum + pow(x - 0.3, 2)
                }
            case .logarithmic:
                return try (0..<2).reduce(0) { sum, index in
                    let x = try hp.float("x\(index)", minValue: 1e-5, maxValue: 1, sampling: .log)
                    return sum + pow(log10(x) + 3, 2)
                }
            case .conditional:
                if try hp.choice("kind", ["a", "b", "c"]) == "b" {
                    return try pow(hp.float("b", minValue: -1, maxValue: 1) - 0.6, 2)
                        + pow(hp.float("c", minValue: -1, maxValue: 1) + 0.2, 2)
                }
                return try 0.5 + abs(hp.float("a", minValue: -1, maxValue: 1))
            case .categorical:
                // Neighbours in the list have nothing in common.
                let costs = ["a": 9.0, "b": 25, "c": 0, "d": 1, "e": 16, "f": 4]
                return try (0..<5).reduce(0) { sum, index in
                    sum + (try costs[hp.choice("x\(index)", costs.keys.sorted())] ?? 0)
                }
            case .stepped:
                let width = try hp.int("width", minValue: 8, maxValue: 256, step: 8)
                let batch = try hp.choice("batch", [16, 32, 64, 128, 256])
                let layers = try hp.int("layers", minValue: 1, maxValue: 64, sampling: .log)
                return pow(Double(width - 168) / 248, 2) + pow(log2(Double(batch)) - 5, 2) / 16
                    + pow(log2(Double(layers)) - 3, 2) / 36
            }
        }
    }

    /// The median over twenty seeds of the best of 60 trials.
    private func median(_ algorithm: SearchAlgorithm, _ objective: Objective) throws -> Float {
        try (1...20).map { try best(algorithm, objective, seed: $0) }.sorted()[10]
    }

    private func best(_ algorithm: SearchAlgorithm, _ objective: Objective, seed: UInt64) throws
        -> Float
    {
        var search = SimulatedSearch(algorithm, epochs: 1)
        search.seed = seed
        search.maxTrials = 60
        try search.run { hp in
            let value = try Float(objective.value(hp))
            return { _ in value }
        }
        return search.best
    }

    /// A quarter of random search's best where values have neighbours; less is gained where they
    /// have none.
    @Test(arguments: Objective.allCases)
    func betterThanRandom(_ objective: Objective) throws {
        let margin: Float = objective == .categorical ? 0.8 : 0.25
        #expect(try median(.tpe(), objective) < margin * median(.random, objective))
    }

    private func parameter(_ name: String, _ values: [String]) -> HyperParameter {
        HyperParameter(
            name: name, domain: .choice(values.map { .string($0) }, isOrdered: false))
    }

    private func trial(_ number: Int, _ parameter: HyperParameter, _ value: String) -> Trial {
        var trial = Trial(number: number)
        trial.hyperParameters = [parameter]
        trial.values = [parameter.name: .string(value)]
        trial.status = .completed
        trial.objectives = [value == "good" ? 0 : 1]
        return trial
    }

    /// The share of trials for which one of four values is drawn.
    private func share(
        of value: String, _ parameter: HyperParameter, after trials: [Trial],
        startupTrials: Int = 10
    ) -> Double {
        let drawn = (1000..<1400).map { number in
            SearchAlgorithm.tpe(startupTrials: startupTrials).sampler(
                seed: 3, trial: number, attempt: 0, trials: trials, direction: .minimum)
        }.count { sampler in
            var sampler = sampler
            return (try? sampler.value(of: parameter)) == .string(value)
        }
        return Double(drawn) / 400
    }

    /// A quarter of draws is random; 6 standard deviations of 400 draws are 0.13.
    @Test func onlyTrialsOfTheSameDomainCount() {
        let values = ["bad", "worse", "good", "other"]
        let known = parameter("x", values)
        let trials = (0..<20).map { trial($0 + 1, known, values[$0 % 4]) }
        #expect(share(of: "good", known, after: trials) > 0.5)
        #expect(abs(share(of: "good", parameter("y", values), after: trials) - 0.25) < 0.13)
        let wider = parameter("x", ["bad", "worse", "good", "new"])
        #expect(abs(share(of: "good", wider, after: trials) - 0.25) < 0.13)
        #expect(abs(share(of: "good", known, after: trials, startupTrials: 21) - 0.25) < 0.13)
    }

    /// Values of trials that cannot be built, crash or diverge are drawn less; running ones say
    /// nothing.
    @Test(arguments: [
        (Trial.Status.infeasible("too small"), 0.0...0.12), (.failed("crash"), 0.0...0.12),
        (.diverged("NaN"), 0.0...0.12), (.completed, 0.5...1), (.running, 0.12...0.38),
    ])
    func failures(_ status: Trial.Status, _ expected: ClosedRange<Double>) {
        let values = ["bad", "worse", "good", "other"]
        let known = parameter("x", values)
        let trials = (0..<40).map { index in
            var trial = trial(index + 1, known, values[index % 4])
            switch (trial.values["x"], status) {
            case (.string("good")?, .completed): break
            case (.string("good")?, _):
                trial.status = status
                trial.objectives = []
            // Without anything good, the others are all the same.
            case (_, .running): trial.status = .running
            case _: break
            }
            return trial
        }
        #expect(expected.contains(share(of: "good", known, after: trials)))
    }

    /// A value that is far from the good ones is found when all others have been tried.
    @Test(arguments: [SearchAlgorithm.tpe(), .hyperband()])
    func attemptsReachEverything(_ algorithm: SearchAlgorithm) throws {
        let known = parameter("x", ["bad", "good", "other"])
        let trials = (0..<60).map { trial($0 + 1, known, $0 < 6 ? "bad" : "good") }
        for number in 61...80 {
            let drawn = try (0..<SearchAlgorithm.maxAttempts).map { attempt in
                var sampler = algorithm.sampler(
                    seed: 1, trial: number, attempt: attempt, trials: trials, direction: .minimum)
                return try sampler.value(of: known)
            }
            #expect(Set(drawn).count == 3)
        }
    }

    /// Longer training counts more than a better objective, as for Optuna's pruned trials.
    @Test func longerTrainingFirst() {
        let values = ["bad", "worse", "good", "other"]
        let known = parameter("x", values)
        let trials = (0..<20).map { index in
            var trial = trial(index + 1, known, values[index % 4])
            if trial.values["x"] == .string("worse") {
                trial.objectives = [5, 5]
            }
            trial.status = .stopped("others were better")
            return trial
        }
        #expect(share(of: "worse", known, after: trials) > 0.5)
    }
}
