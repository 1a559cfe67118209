import Foundation
import Strata
import Testing

@testable import StrataSearch

/// A search is a folder: what it says follows from its journal, whatever happens to the process.
@Suite struct HyperparameterSearchTests {
    private static let algorithms: [SearchAlgorithm] = [
        .random, .tpe(startupTrials: 2), .hyperband(factor: 2), .grid,
    ]

    @Test(arguments: algorithms)
    func sameSeedSameSearch(algorithm: SearchAlgorithm) throws {
        let outcomes = try (0..<2).map { _ in
            let tiny = TinySearch()
            defer { tiny.remove() }
            let results = try tiny.run(tiny.search(algorithm), SearchBudget(trials: 5))
            return results.trials.map(\.outcome)
        }
        #expect(outcomes[0] == outcomes[1])
        #expect(outcomes[0].count == 5)
    }

    @Test func anotherSeedIsAnotherSearch() throws {
        let outcomes = try [UInt64(1), 2].map { seed in
            let tiny = TinySearch()
            defer { tiny.remove() }
            return try tiny.run(tiny.search(seed: seed), SearchBudget(trials: 3)).trials.map(
                \.values)
        }
        #expect(outcomes[0] != outcomes[1])
    }

    /// Ended after any epoch, it continues with the same numbers.
    @Test(arguments: algorithms)
    func interruptedSearchContinues(algorithm: SearchAlgorithm) throws {
        let whole = TinySearch()
        defer { whole.remove() }
        let expected = try whole.run(whole.search(algorithm), SearchBudget(trials: 4))
        let parts = TinySearch()
        defer { parts.remove() }
        for epochs in 1...expected.trials.reduce(0, { $0 + $1.objectives.count }) {
            let budget = SearchBudget(trials: 4, epochs: epochs)
            let results = try parts.run(parts.search(algorithm), budget)
            #expect(results.trials.reduce(0) { $0 + $1.objectives.count } == epochs)
        }
        let results = try parts.run(parts.search(algorithm), SearchBudget(trials: 4))
        #expect(results.trials.map(\.outcome) == expected.trials.map(\.outcome))
    }

    /// A space with fewer combinations than a bracket has trials: the best ones go on all the same.
    @Test(arguments: algorithms)
    func smallSpaceIsExhausted(algorithm: SearchAlgorithm) throws {
        let tiny = TinySearch()
        defer { tiny.remove() }
        let search = tiny.search(algorithm) { hp in
            try TinySearch.model(width: try hp.choice("width", [2, 4, 8]), rate: 0.01)
        }
        let results = try tiny.run(search, epochs: 4, SearchBudget(trials: 50))
        #expect(results.trials.count == 3)
        #expect(Set(results.trials.map(\.values)).count == 3)
        #expect(results.trials.contains { $0.status == .completed && $0.objectives.count == 4 })
        #expect(results.trials.allSatisfy { $0.status.name != "paused" })
    }
}
