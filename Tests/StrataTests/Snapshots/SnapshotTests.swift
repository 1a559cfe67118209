import COneDNN
import Foundation
import Testing

@testable import Strata

/// An instruction set as `ONEDNN_MAX_CPU_ISA` names it, and how Linux names what the processor must have.
private struct InstructionSet {
    let name: String
    let flag: String

    /// Where its plans are kept; oneDNN's choices are those of a version.
    var folder: String {
        let version = dnnl_version().pointee
        return "plans/onednn-\(version.major).\(version.minor)-\(name.lowercased())"
    }

    var isOfProcessor: Bool {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").first { $0.hasPrefix("flags") }?
            .split(separator: " ").contains(Substring(flag)) ?? false
    }
}

extension Trait where Self == ConditionTrait {
    fileprivate static func canPlan(_ set: InstructionSet) -> ConditionTrait {
        let reason =
            set.isOfProcessor
            ? "there are no snapshots in \(set.folder): STRATA_WRITE_SNAPSHOTS=1 writes them"
            : "the processor has no \(set.flag)"
        return .enabled(
            if: set.isOfProcessor && (Snapshots.isWriting || Snapshots.exist(in: set.folder)),
            Comment(rawValue: reason))
    }
}

// A process of its own has the instruction set, the threads, and the names of layers that are wanted.
@Suite struct SnapshotTests {
    private static let avx2 = InstructionSet(name: "AVX2", flag: "avx2")
    private static let avx512 = InstructionSet(name: "AVX512_CORE", flag: "avx512vl")
    private static let start = "snapshots: "

    /// In the process: prints the texts.
    private static func print(_ texts: [String: String]) throws {
        let json = try JSONEncoder().encode(texts)
        Swift.print("\n\(start)\(String(decoding: json, as: UTF8.self))")
    }

    /// In the process: prints the plans for two threads, before which oneDNN has not been asked for anything.
    private static func printPlans(with set: InstructionSet) throws {
        setenv("ONEDNN_MAX_CPU_ISA", set.name, 1)
        setThreadCount(2)
        try print(SnapshotNetwork.plans())
    }

    /// What the process has printed.
    private func texts(_ result: ExitTest.Result) throws -> [String: String] {
        let output = String(decoding: result.standardOutputContent, as: UTF8.self)
        let line = try #require(
            output.split(separator: "\n").first { $0.hasPrefix(Self.start) }, "\(output)")
        return try JSONDecoder().decode(
            [String: String].self, from: Data(line.dropFirst(Self.start.count).utf8))
    }

    @Test func `graphs are those of the snapshots`() async throws {
        let result = try await #require(
            processExitsWith: .success, observing: [\.standardOutputContent]
        ) {
            try SnapshotTests.print(SnapshotNetwork.graphs())
        }
        try Snapshots.compare(texts(result), "graphs")
    }

    @Test(.canPlan(avx2)) func `plans with AVX2 are those of the snapshots`() async throws {
        let result = try await #require(
            processExitsWith: .success, observing: [\.standardOutputContent]
        ) {
            try SnapshotTests.printPlans(with: SnapshotTests.avx2)
        }
        try Snapshots.compare(texts(result), Self.avx2.folder)
    }

    @Test(.canPlan(avx512)) func `plans with AVX-512 are those of the snapshots`() async throws {
        let result = try await #require(
            processExitsWith: .success, observing: [\.standardOutputContent]
        ) {
            try SnapshotTests.printPlans(with: SnapshotTests.avx512)
        }
        try Snapshots.compare(texts(result), Self.avx512.folder)
    }

    @Test func `a difference is shown from its first line on`() {
        #expect(
            Snapshots.difference(kept: "a\nb\nc", now: "a\nx\nc\nd", lines: 2)
                == "line 2 differs (- kept, + now)\n- b\n- c\n+ x\n+ c")
    }
}
