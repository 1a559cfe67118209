#if MPI
import Strata
import StrataGraph
import StrataMPI

/// The words of the command line: what to do, then `--name value`.
struct Command {
    let name: String
    private var values: [String: String] = [:]

    init(_ words: [String]) {
        name = words.first ?? "check"
        for index in stride(from: 1, to: words.count - 1, by: 2) {
            values[words[index]] = words[index + 1]
        }
    }

    func number(_ name: String, _ missing: Int) -> Int {
        values["--" + name].flatMap { Int($0) } ?? missing
    }

    func text(_ name: String) -> String? { values["--" + name] }

    func join() throws -> Distribution {
        try .mpi(
            MPIOptions(
                isDeterministic: number("deterministic", 0) == 1,
                timeLimit: .milliseconds(number("limit", 10_000))))
    }
}
#endif
