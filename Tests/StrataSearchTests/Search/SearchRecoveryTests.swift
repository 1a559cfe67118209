import Foundation
import Strata
import Testing

@testable import StrataSearch

/// What a killed process leaves behind is taken up again.
@Suite struct SearchRecoveryTests {
    /// A search of one trial, as it is after a process was killed: its journal is cut off.
    private func killed(afterEpochs epochs: Int, tail: String = "") throws -> TinySearch {
        let tiny = TinySearch()
        try tiny.run(tiny.search(), SearchBudget(trials: 1, epochs: epochs))
        let path = "\(tiny.folder)/journal.jsonl"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        // Without the entry that the trial was paused.
        let kept = lines.filter { !$0.contains(#""event": "status""#) }
        try (kept.joined(separator: "\n") + "\n" + tail).write(
            toFile: path, atomically: true, encoding: .utf8)
        return tiny
    }

    @Test(arguments: ["", #"{"event": "epo"#, "\u{0}\u{0}\u{0}"])
    func killedTrialGoesOn(tail: String) throws {
        let whole = TinySearch()
        defer { whole.remove() }
        let expected = try whole.run(whole.search(), SearchBudget(trials: 2))
        let tiny = try killed(afterEpochs: 2, tail: tail)
        defer { tiny.remove() }
        let results = try tiny.run(tiny.search(), SearchBudget(trials: 2))
        #expect(results.trials.map(\.outcome) == expected.trials.map(\.outcome))
        let record = try String(
            contentsOfFile: "\(tiny.folder)/trials/0001/metrics.jsonl", encoding: .utf8)
        #expect(record.split(separator: "\n").count == 3)
    }

    /// A trial that takes its process with it is given up after three times.
    @Test func trialThatCrashesIsGivenUp() throws {
        let tiny = TinySearch()
        defer { tiny.remove() }
        let journal = SearchJournal("\(tiny.folder)/journal.jsonl", worker: "dead")
        try SearchFolder(path: tiny.folder).make()
        let search = tiny.search()
        let settings = RequestedSettings(
            algorithm: .random, seed: 1, epochs: 3, objective: nil, space: SearchSpace(), facts: [:]
        ).new
        try journal.append(
            .search(settings.json), .trial(1, bracket: 0, epochs: 3), .resume(1, epochs: 3),
            .resume(1, epochs: 3))
        let results = try tiny.run(search, SearchBudget(trials: 2))
        #expect(
            results.trials.map(\.status) == [
                .failed("its process ended 3 times before an epoch was finished"), .completed,
            ])
    }

    /// A disk on which nothing more can be written ends the search, and loses nothing.
    ///
    /// - Parameter blocked: what cannot be written: the run folder before the trial begins, or the
    ///   backup after its first epoch.
    @Test(arguments: ["trials/0002", "trials/0002/backup"])
    func unwritableFilesEndTheSearch(blocked: String) throws {
        let whole = TinySearch()
        defer { whole.remove() }
        let expected = try whole.run(whole.search(), SearchBudget(trials: 2))
        let tiny = TinySearch()
        defer { tiny.remove() }
        let search = tiny.search()
        try tiny.run(search, SearchBudget(trials: 1))
        let path = "\(tiny.folder)/\(blocked)"
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try "not a folder".write(toFile: path, atomically: true, encoding: .utf8)
        // As often as a crash would make it a failed trial, and once more.
        for _ in 0..<4 {
            #expect(throws: (any Error).self) {
                try tiny.run(search, SearchBudget(trials: 2))
            }
        }
        try FileManager.default.removeItem(atPath: path)
        let results = try tiny.run(search, SearchBudget(trials: 2))
        #expect(results.trials.map(\.outcome) == expected.trials.map(\.outcome))
    }

    /// A line that is missing is not passed over: what follows from the others would be wrong.
    @Test(arguments: [
        (0, "the journal of the folder's search has lost its first line"),
        (1, "line 2 cannot be read: trial 1 has no beginning"),
        (2, "line 4 cannot be read: trial 1 has no values"),
        (4, "line 5 cannot be read: epoch 2 of trial 1 comes after epoch 0"),
    ])
    func linesThatAreMissing(line: Int, message: String) throws {
        let tiny = TinySearch()
        defer { tiny.remove() }
        try tiny.run(tiny.search(), SearchBudget(trials: 1))
        let path = "\(tiny.folder)/journal.jsonl"
        var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        lines.remove(at: line)
        try (lines.joined(separator: "\n") + "\n").write(
            toFile: path, atomically: true, encoding: .utf8)
        #expect {
            try tiny.run(tiny.search(), SearchBudget(trials: 2))
        } throws: { error in
            "\(error)".contains(message)
        }
    }

    private static let others: [(String, @Sendable (TinySearch) -> HyperparameterSearch)] = [
        ("algorithm", { tiny in tiny.search(.grid, settings: ["data": "shapes"]) }),
        ("seed", { tiny in tiny.search(seed: 2, settings: ["data": "shapes"]) }),
        ("objective", { tiny in tiny.search(objective: "val_loss", settings: ["data": "shapes"]) }),
        ("data", { tiny in tiny.search(settings: ["data": "other"]) }),
    ]

    @Test(arguments: others)
    func otherSettingsInTheSameFolder(
        name: String, other: @Sendable (TinySearch) -> HyperparameterSearch
    ) throws {
        let tiny = TinySearch()
        defer { tiny.remove() }
        try tiny.run(tiny.search(settings: ["data": "shapes"]), SearchBudget(trials: 1))
        #expect {
            try tiny.run(other(tiny), SearchBudget(trials: 1))
        } throws: { error in
            "\(error)".hasPrefix("the folder has a search whose \(name) is ")
        }
    }

    @Test func settingsThatAreLeftOutAreThoseOfTheFolder() throws {
        let tiny = TinySearch()
        defer { tiny.remove() }
        try tiny.run(tiny.search(.tpe(), seed: 5), SearchBudget(trials: 1))
        let results = try tiny.run(tiny.search(nil, seed: nil), SearchBudget(trials: 2))
        #expect(results.trials.count == 2)
    }
}
