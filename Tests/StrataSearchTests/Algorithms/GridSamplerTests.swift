import Strata
import Testing

@testable import StrataSearch

/// The grid reaches every combination once.
@Suite struct GridSamplerTests {
    private typealias Failure = SimulatedSearch.Failure

    private func text(_ trial: Trial) -> String {
        trial.hyperParameters.map { "\($0.name)=\(trial.values[$0.name]?.description ?? "")" }
            .joined(separator: " ")
    }

    /// The combinations in the order in which they were tried.
    private func combinations(
        workers: Int = 1, maxTrials: Int = .max,
        _ build: @escaping (HyperParameters) throws -> Void
    ) throws -> [String] {
        var search = SimulatedSearch(.grid, epochs: 1)
        search.workers = workers
        search.maxTrials = maxTrials
        try search.run { hp in
            try build(hp)
            return { _ in 1 }
        }
        return search.trials.map(text)
    }

    @Test func lastChangesFastest() throws {
        let found = try combinations { hp in
            _ = try hp.choice("kind", ["a", "b"])
            try hp.fixed("seed", 7)
            _ = try hp.int("width", minValue: 2, maxValue: 7, step: 2)
        }
        #expect(
            found == [
                "kind=a seed=7 width=2", "kind=a seed=7 width=4", "kind=a seed=7 width=6",
                "kind=b seed=7 width=2", "kind=b seed=7 width=4", "kind=b seed=7 width=6",
            ])
    }

    /// A space with an `if`, a scope, a loop as long as a hyperparameter says, and combinations
    /// that cannot be built.
    private func nested(_ hp: HyperParameters) throws {
        let layers = try hp.int("layers", minValue: 1, maxValue: 2)
        for layer in 0..<layers { _ = try hp.choice("filters\(layer)", [8, 16]) }
        if try hp.boolean("dropout") { _ = try hp.choice("rate", [0.25, 0.5]) }
        if layers == 2, hp.get("filters1") == 8 { throw Failure.infeasible }
        _ = try hp.choice("optimizer", ["adam", "sgd"])
        _ = try hp.conditionalScope("optimizer", ["sgd"]) {
            try hp.choice("momentum", [0.0, 0.9])
        }
    }

    private var nestedCombinations: [String] {
        var all: [String] = []
        let dropouts = ["dropout=false", "dropout=true rate=0.25", "dropout=true rate=0.5"]
        let optimizers = [
            "optimizer=adam", "optimizer=sgd momentum=0.0", "optimizer=sgd momentum=0.9",
        ]
        let filters = [
            "layers=1 filters0=8", "layers=1 filters0=16",
            "layers=2 filters0=8 filters1=8", "layers=2 filters0=8 filters1=16",
            "layers=2 filters0=16 filters1=8", "layers=2 filters0=16 filters1=16",
        ]
        for filter in filters {
            for dropout in dropouts {
                if filter.hasSuffix("filters1=8") {
                    all.append("\(filter) \(dropout)")
                } else {
                    all += optimizers.map { "\(filter) \(dropout) \($0)" }
                }
            }
        }
        return all
    }

    @Test(arguments: 1...4)
    func nestedConditions(_ workers: Int) throws {
        #expect(try combinations(workers: workers, nested) == nestedCombinations)
    }

    @Test func budgetEndsIt() throws {
        #expect(
            try combinations(maxTrials: 3) { hp in
                _ = try hp.choice("a", [1, 2])
                _ = try hp.choice("b", [1, 2])
            } == ["a=1 b=1", "a=1 b=2", "a=2 b=1"])
    }

    @Test func noHyperparameters() throws {
        #expect(try combinations { _ in } == [""])
        #expect(try combinations { _ in throw Failure.infeasible } == [""])
    }

    /// 10 values in the middle of tenths, as KerasTuner's; not more than there are integers.
    @Test func ranges() throws {
        #expect(
            try combinations { hp in _ = try hp.float("x", minValue: 0, maxValue: 10) }
                == (0..<10).map { "x=\(Double($0) + 0.5)" })
        #expect(
            try combinations { hp in
                _ = try hp.int("x", minValue: 1, maxValue: 4, sampling: .log)
            } == (1...4).map { "x=\($0)" })
        let many = try combinations { hp in
            _ = try hp.int("x", minValue: 1, maxValue: 1 << 40, sampling: .log)
        }
        #expect(many.count == 10)
        #expect(Set(many).count == 10)
    }

    /// A process that ended before the first question says nothing about the grid.
    @Test func crashedAtOnce() {
        var trial = Trial(number: 1)
        trial.status = .failed("its process ended")
        #expect(
            SearchAlgorithm.grid.nextStep(after: [trial], epochs: 1, direction: .minimum)
                == .start(bracket: 0, epochs: 1))
    }

    /// Training asks for more than building: workers that start meanwhile take other branches, and
    /// come back to what was asked for later.
    @Test func incompletePaths() throws {
        let outer = HyperParameter(
            name: "a", domain: .choice([.int(1), .int(2)], isOrdered: true))
        let inner = HyperParameter(
            name: "b", domain: .choice([.int(1), .int(2)], isOrdered: true))
        var running = Trial(number: 1)
        running.hyperParameters = [outer]
        running.values = ["a": .int(1)]
        var sampler = GridSampler(after: [running])
        #expect(sampler.value(of: outer) == .int(2))

        running.hyperParameters = [outer, inner]
        running.values = ["a": .int(1), "b": .int(1)]
        sampler = GridSampler(after: [running])
        #expect(sampler.value(of: outer) == .int(1))
        #expect(sampler.value(of: inner) == .int(2))
        #expect(
            SearchAlgorithm.grid.nextStep(
                after: [Trial(number: 1)], epochs: 1, direction: .minimum) == .wait)
    }
}
