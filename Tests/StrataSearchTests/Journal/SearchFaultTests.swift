import Foundation
import Strata
import StrataTestSupport
import Testing

@testable import StrataSearch

/// Each call of the file system fails in turn while a search is written down.
@Suite(
    .enabled(if: FileFault.isAvailable, "no faults with this sanitizer"), .timeLimit(.minutes(10)))
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
}
