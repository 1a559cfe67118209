import Foundation
import Strata
import StrataTestSupport
import Testing

@testable import StrataSearch

/// Each call of the file system fails in turn while a search is written down.
@Suite(
    .disabled(if: hasSanitizer, "no faults with a sanitizer"),
    .timeLimit(.minutes(FileFault.isThorough ? 120 : 10)))
struct SearchFaultTests {
    @Test(arguments: FileFault.allCases)
    func `a call that fails leaves whole lines of the journal`(fault: FileFault) throws {
        let writing = VersionedWriting("a journal", replaces: [true]) { folder, version in
            let journal = SearchJournal("\(folder)/journal.jsonl", worker: "1-a")
            try journal.locked { writer in
                for number in writer.state.trials.count..<version {
                    try writer.append(.trial(number + 1, bracket: 0, epochs: 1))
                }
            }
        } read: { folder in
            try SearchState(ofJournal: "\(folder)/journal.jsonl").trials.count
        }
        let (count, problems) = try writing.findings(fault)
        #expect(count >= 8)
        #expect(problems == [])
    }

    /// A kill has left half a line, and a call fails while the next one is written.
    @Test(arguments: FileFault.allCases)
    func `half a line is cut off, or an error`(fault: FileFault) throws {
        let writing = VersionedWriting("a torn journal", replaces: [true]) { folder, version in
            let path = "\(folder)/journal.jsonl"
            let journal = SearchJournal(path, worker: "1-a")
            try journal.locked { writer in
                for number in writer.state.trials.count..<version {
                    try writer.append(.trial(number + 1, bracket: 0, epochs: 1))
                }
            }
            if version == 1 { try FileContents.append(Array("{\"time\": 1, ".utf8), to: path) }
        } read: { folder in
            try SearchState(ofJournal: "\(folder)/journal.jsonl").trials.count
        }
        let (count, problems) = try writing.findings(fault)
        #expect(count >= 9)
        #expect(problems == [])
    }

    private struct Mixed: Error {
        let names: [String]
    }

    private static func results(_ version: Int) -> SearchResults {
        SearchResults(
            (1...version + 1).map { number in
                .made(
                    number, [(.float("rate", 0, 1), .float(Double(number) / 4))],
                    [0.25, Float(number) / 8])
            })
    }

    /// `STRATA_FAULTS=1` tries each call in turn, not only some.
    @Test(arguments: FileFault.allCases)
    func `a call that fails leaves each file of the results as it was, or the new one`(
        fault: FileFault
    ) throws {
        let written = try (1...2).map { version in
            let folder = try TemporaryFolder()
            try Self.results(version).write(to: folder.path)
            return folder
        }
        #expect(written[0].files.count == 7)
        let writing = VersionedWriting("results", replaces: [true]) { folder, version in
            // What has been drawn once is copied.
            if version == 1 {
                for name in written[0].files {
                    try FileContents.write(try written[0].read(name), to: "\(folder)/\(name)")
                }
            } else {
                try Self.results(version).write(to: folder)
            }
        } read: { folder in
            var (old, new): ([String], [String]) = ([], [])
            for name in written[0].files {
                let bytes = try FileContents.read("\(folder)/\(name)")
                if try bytes == written[0].read(name) { old.append(name) }
                if try bytes == written[1].read(name) { new.append(name) }
            }
            guard Set(old + new) == Set(written[0].files) else { throw Mixed(names: old + new) }
            return new.count == 7 ? 2 : 1
        }
        let (count, problems) = try writing.findings(fault, most: 1)
        #expect(count >= 7 * 5)
        #expect(problems == [])
    }

    /// The trials of a small search, and the weights of its best model.
    private static func search(in folder: String) throws -> (trials: [String], weights: [Tensor]) {
        let tiny = TinySearch(in: folder)
        let search = tiny.search(.hyperband(factor: 2))
        let results = try tiny.run(search, epochs: 2, SearchBudget(trials: 3))
        return (results.trials.map(\.outcome), try search.bestModel().getWeights())
    }

    @Test(arguments: [
        ("search/trials/0002/backup/training_metadata.json", FileError.Cause.unreadable, true),
        ("search/trials/0002/backup/training_metadata.json", .contents, false),
        ("pictures/7.png", .unreadable, false), ("search2/trials/7", .unreadable, false),
        ("metrics/0002.csv", .unwritable, true),
    ])
    func `a disk that fails ends the search, and data that fail end the trial`(
        path: String, cause: FileError.Cause, ends: Bool
    ) {
        let error = FileError("cannot be used", path: path, cause: cause)
        let folder = SearchFolder(path: "search")
        #expect(TrialSegment.endsTheSearch(error, in: folder) == ends)
    }

    /// What the search ends with, and the number of its calls.
    private static let undisturbed = Result {
        let folder = try TemporaryFolder()
        var found = (trials: [String](), weights: [Tensor]())
        let (count, error) = FileFault.broken.inject(at: .max, below: folder.path) {
            found = try search(in: folder.path)
        }
        if let error { throw error }
        return (count, found)
    }

    /// `STRATA_FAULTS=1` tries each call in turn, not only some.
    @Test(arguments: FileFault.allCases)
    func `a search ends as if no call had failed, or can be continued to that end`(
        fault: FileFault
    ) throws {
        let (count, expected) = try Self.undisturbed.get()
        #expect(count >= 400)
        for call in fault.calls(of: count, most: 3) {
            let place = try TemporaryFolder()
            var found = (trials: [String](), weights: [Tensor]())
            let error = fault.inject(at: call, below: place.path) {
                found = try Self.search(in: place.path)
            }.error
            if let error {
                #expect(!fault.isHarmless, "call \(call): \(error)")
                #expect("\(error)".contains(place.path), "call \(call): \(error)")
                found = try Self.search(in: place.path)
            }
            #expect(found.trials == expected.trials, "call \(call) after \(error as Any)")
            #expect(found.weights == expected.weights, "call \(call) after \(error as Any)")
            #expect(!place.files.contains { $0.contains(".partial") }, "call \(call)")
        }
    }
}
