import Foundation
import Strata
import Testing

/// `strata benchmark --profile`.
struct ProfileTests {
    /// oneDNN's own times, as it prints them: `onednn_verbose,exec,…,0.0123`, one line for each call.
    private func executions(in output: String) -> [Double] {
        output.split(separator: "\n").filter { $0.contains("_verbose,exec,") }.compactMap {
            $0.split(separator: ",").last.flatMap { Double($0) }
        }
    }

    private func number(_ value: JSONValue?) -> Double? {
        switch value {
        case .number(let number): number
        case .integer(let number): Double(number)
        case .null, .bool, .string, .array, .object, nil: nil
        }
    }

    /// On one thread: a primitive for each thread would print a line each, and their times overlap.
    @Test func `the profile of primitives agrees with oneDNN's own times`() throws {
        let outcome = try Workplace().strata(
            [
                "benchmark", "vgg", "--batch", "16", "--seconds", "0.5", "--threads", "1",
                "--profile", "--json",
            ], environment: ["DNNL_VERBOSE": "1"])
        #expect(outcome.code == 0)
        let line = try #require(outcome.output.split(separator: "\n").last)
        let profile = try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))
        guard case .array(let parts) = profile["parts"], case .integer(let runs) = profile["runs"]
        else {
            Issue.record("no profile: \(line)")
            return
        }
        let times = try parts.filter { part in
            guard case .string(let name) = part["implementation"] else { return false }
            return !name.hasPrefix("strata:")
        }.map { try #require(number($0["ms"])) }
        let own = executions(in: outcome.output).suffix(runs * times.count)
        #expect(own.count == runs * times.count)
        let (ours, theirs) = (times.reduce(0, +), own.reduce(0, +) / Double(runs))
        // Around what oneDNN measures lie its call, and the line that it prints: some microseconds.
        #expect(ours >= theirs * 0.999)
        #expect(ours <= theirs * 1.02 + 0.02 * Double(times.count), "\(ours) ms, \(theirs) ms")
        let total = try #require(number(profile["ms"]))
        let sum = try parts.map { try #require(number($0["ms"])) }.reduce(0, +)
        let rest = try #require(number(profile["unaccounted_ms"]))
        #expect(abs(total - sum - rest) < 1e-6 * total)
    }

    @Test func `a profile is a table of at most 160 columns with the longest part first`() throws {
        let outcome = try Workplace().strata(
            "benchmark", "fashion", "--batch", "8", "--seconds", "0.1", "--profile")
        #expect(outcome.code == 0)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 160 })
        #expect(
            lines[0].split(separator: " ") == [
                "ms", "%", "GFLOP/s", "MB", "operation", "shapes", "layouts", "implementation",
            ])
        let times = lines.dropFirst().dropLast().map {
            Double($0.split(separator: " ").first ?? "") ?? .nan
        }
        #expect(times.count > 20)
        #expect(times == times.sorted(by: >))
        #expect(lines.last?.hasSuffix("steps") == true)
    }
}
