import Strata
import Testing

@testable import StrataSearch

/// Names, settings and their JSON.
@Suite struct SearchAlgorithmTests {
    @Test func names() throws {
        #expect(SearchAlgorithm.names == ["random", "grid", "tpe", "hyperband"])
        #expect(try SearchAlgorithm(named: "random") == .random)
        #expect(try SearchAlgorithm(named: "grid") == .grid)
        #expect(try SearchAlgorithm(named: "tpe") == .tpe(startupTrials: 10))
        #expect(try SearchAlgorithm(named: "hyperband") == .hyperband(factor: 3, sampler: .tpe))
        #expect(
            try SearchAlgorithm.names.map { try SearchAlgorithm(named: $0).name }
                == SearchAlgorithm.names)
    }

    private static let settings: [(SearchAlgorithm, JSONValue)] = [
        (.random, ["name": "random"]), (.grid, ["name": "grid"]),
        (.tpe(startupTrials: 7), ["name": "tpe", "startup_trials": 7]),
        (
            .hyperband(factor: 4, sampler: .random),
            ["name": "hyperband", "factor": 4, "sampler": "random"]
        ),
    ]

    @Test(arguments: settings)
    func json(_ algorithm: SearchAlgorithm, _ json: JSONValue) throws {
        #expect(algorithm.json == json)
        #expect(try SearchAlgorithm(json: json) == algorithm)
    }

    @Test func unknownName() {
        #expect {
            try SearchAlgorithm(named: "bayes")
        } throws: {
            "\($0)" == """
                there is no search algorithm "bayes"
                  fix: use random, grid, tpe or hyperband
                """
        }
    }

    private static let mistakes: [(JSONValue, String)] = [
        ([:], "the search algorithm has no name\n  fix: give it the member \"name\""),
        (["name": "tpe", "startup_trials": 0], "tpe has 0 startup trials\n  fix: use 1 or more"),
        (["name": "hyperband", "factor": 1], "hyperband's factor is 1\n  fix: use 2 or more"),
        (
            ["name": "hyperband", "factor": 2.5],
            "the search algorithm's factor is not an integer\n  fix: use an integer"
        ),
        (
            ["name": "hyperband", "sampler": "grid"],
            "hyperband has no such sampler\n  fix: use random or tpe"
        ),
    ]

    @Test(arguments: mistakes)
    func badSettings(_ json: JSONValue, _ message: String) {
        #expect { try SearchAlgorithm(json: json) } throws: { "\($0)" == message }
    }
}
