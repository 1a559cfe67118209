import Foundation
import Strata
import Testing

@testable import StrataSearch

/// All workers see one state, and a line is either whole or not there.
@Suite struct SearchJournalTests {
    private let path = NSTemporaryDirectory() + "journal-\(UUID().uuidString).jsonl"

    private static let entries: [JournalEntry.Event] = [
        .search(["seed": "18446744073709551615", "epochs": 3]), .join,
        .objective("val_loss", .minimum), .trial(1, bracket: 2, epochs: 3),
        .values(
            1,
            [
                HyperParameter(
                    name: "rate",
                    domain: .float(minValue: 1e-4, maxValue: 1, step: nil, sampling: .log)),
                HyperParameter(
                    name: "width",
                    domain: .int(minValue: 2, maxValue: 64, step: 2, sampling: .reverseLog)),
                HyperParameter(
                    name: "kind",
                    domain: .choice([.string("a"), .string("b\n\"")], isOrdered: false)),
                HyperParameter(
                    name: "sizes", domain: .choice([.float(1), .float(2.5)], isOrdered: true)),
                HyperParameter(
                    name: "flag",
                    domain: .choice([.boolean(false), .boolean(true)], isOrdered: true)),
                HyperParameter(name: "only", domain: .fixed(.float(1))),
            ],
            [
                "rate": .float(1), "width": .int(4), "kind": .string("b\n\""), "sizes": .float(1),
                "flag": .boolean(true), "only": .float(1),
            ]),
        .resume(1, epochs: 9), .epoch(1, epoch: 1, objective: 0.25, seconds: 1.5), .withdrawal(1),
        .status(1, .infeasible("an image is too small\n  fix: another")), .status(1, .paused),
        .status(1, .stopped("2 of 9 went on")), .status(1, .diverged("NaN")),
        .status(1, .failed("")), .status(1, .completed), .status(1, .running),
    ]

    @Test(arguments: entries)
    func entriesReadBack(event: JournalEntry.Event) throws {
        let entry = JournalEntry(time: 1_764_569_000.125, worker: "1-a", event: event)
        let text = entry.json.text
        #expect(!text.contains("\n"))
        #expect(try JournalEntry(json: JSONValue(parsing: text)) == entry)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func objectivesThatAreNotFinite(value: Float) throws {
        let entry = JournalEntry(
            time: 1, worker: "1-a", event: .epoch(1, epoch: 1, objective: value, seconds: 1))
        let read = try JournalEntry(json: JSONValue(parsing: entry.json.text))
        guard case .epoch(_, _, let objective, _) = read.event else {
            Issue.record("another entry")
            return
        }
        #expect(objective == value || objective.isNaN && value.isNaN)
    }

    @Test(arguments: [
        "{}", #"{"time": 1, "worker": "a", "event": "other"}"#, "[1]", "nonsense",
        #"{"time": 1, "worker": "a", "event": "epoch", "trial": 1}"#,
    ])
    func damagedLinesAreErrors(line: String) throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try (line + "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let journal = SearchJournal(path, worker: "1-a")
        #expect {
            try journal.append(.join)
        } throws: { error in
            (error as? FileError)?.path == path
        }
    }

    /// Eight threads, each with a journal of its own, number 25 trials each.
    @Test func writersTakeTurns() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let path = path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    let journal = SearchJournal(path, worker: "w\(worker)")
                    for _ in 0..<25 {
                        try journal.locked { writer in
                            let number = writer.state.trials.count + 1
                            try writer.append(.trial(number, bracket: worker, epochs: 1))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let state = try SearchState(ofJournal: path)
        #expect(state.trials.map(\.number) == Array(1...200))
        #expect(Set(state.trials.map(\.bracket)) == Set(0..<8))
    }

    @Test func tornLinesAreCutOff() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let journal = SearchJournal(path, worker: "1-a")
        try journal.append(.trial(1, bracket: 0, epochs: 1))
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for length in 1..<whole.count {
            try (whole + whole.prefix(length).dropLast()).write(to: URL(fileURLWithPath: path))
            let other = SearchJournal(path, worker: "1-b")
            try other.append(.join)
            #expect(other.state.trials.count == 1)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.split(separator: "\n").count == 2)
        }
    }

    /// Time counts while anybody works, once.
    @Test func wallTimeIsTheUnionOfSpans() {
        var state = SearchState()
        for (worker, times) in [("a", [0.0, 10]), ("b", [5, 20]), ("c", [100, 130])] {
            for time in times {
                state.apply(JournalEntry(time: time, worker: worker, event: .join))
            }
        }
        #expect(state.wallTime(of: "a", now: 10) == 50)
        // The worker that asks is still at work.
        #expect(state.wallTime(of: "c", now: 140) == 60)
        #expect(state.wallTime(of: "unknown", now: 1000) == 50)
    }

    @Test func workersAreAliveAsLongAsTheyHoldTheirLock() throws {
        let folder = NSTemporaryDirectory() + "workers-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try WorkerRegistry(folder)
        var second: WorkerRegistry? = try WorkerRegistry(folder)
        let name = try #require(second?.worker)
        #expect(first.count == 2)
        #expect(first.isAlive(name))
        second = nil
        #expect(!first.isAlive(name))
        #expect(first.count == 1)
        // What a killed process leaves is a file that nobody has locked.
        try Data().write(to: URL(fileURLWithPath: "\(folder)/99-x.lock"))
        #expect(!first.isAlive("99-x"))
        #expect(first.count == 1)
    }
}
