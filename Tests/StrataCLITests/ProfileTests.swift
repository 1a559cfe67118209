import Foundation
import Strata
import Testing

/// `strata benchmark --profile`.
struct ProfileTests {
    /// oneDNN's own times, as it prints them: `onednn_verbose,exec,cpu,convolution,jit:avx2,…,0.0123`, one line for each
    /// call.
    private func executions(in output: String) -> [(implementation: Substring, time: Double)] {
        output.split(separator: "\n").filter { $0.contains("_verbose,exec,") }.compactMap {
            let fields = $0.split(separator: ",", omittingEmptySubsequences: false)
            guard let time = fields.last.flatMap({ Double($0) }),
                let start = fields.firstIndex(of: "exec"), start + 3 < fields.count
            else { return nil }
            return (fields[start + 3], time)
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
        let start = ContinuousClock.now
        let outcome = try Workplace().strata(
            [
                "benchmark", "vgg", "--batch", "16", "--seconds", "0.5", "--threads", "1",
                "--profile", "--json",
            ], environment: ["DNNL_VERBOSE": "1"])
        let elapsed = (ContinuousClock.now - start) / .milliseconds(1)
        #expect(outcome.code == 0)
        let line = try #require(outcome.output.split(separator: "\n").last)
        let profile = try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))
        guard case .array(let parts) = profile["parts"], case .integer(let runs) = profile["runs"]
        else {
            Issue.record("no profile: \(line)")
            return
        }
        var names: [String] = []
        var times: [Double] = []
        for part in parts {
            guard case .string(let name) = part["implementation"], !name.hasPrefix("strata:")
            else { continue }
            names.append(name)
            times.append(try #require(number(part["ms"])))
        }
        let own = executions(in: outcome.output).suffix(runs * times.count)
        #expect(own.count == runs * times.count)
        for (index, execution) in own.enumerated() {
            #expect(execution.implementation == names[index % names.count])
        }
        // Around what oneDNN measures lie its call, and the line that it prints. How much that adds is the machine's
        // affair: another process may have the core meanwhile.
        #expect(times.reduce(0, +) >= own.reduce(0) { $0 + $1.time } / Double(runs) * 0.999)
        let total = try #require(number(profile["ms"]))
        let sum = try parts.map { try #require(number($0["ms"])) }.reduce(0, +)
        let rest = try #require(number(profile["unaccounted_ms"]))
        #expect(abs(total - sum - rest) < 1e-6 * total)
        #expect(total * Double(runs) <= elapsed)
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
