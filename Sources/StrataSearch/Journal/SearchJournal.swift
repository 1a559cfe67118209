internal import Foundation
internal import Strata

/// The journal of a search: a file to which all workers append, one JSON object a line.
///
/// The file's lock is held while a worker reads what the others wrote, decides and appends. As with
/// Optuna's `JournalStorage`, the state follows from the lines alone, so that nothing is lost with
/// a process.
final class SearchJournal {
    /// The name of the worker that writes.
    let worker: String
    private let path: String
    private(set) var state = SearchState()
    /// The length of what was read, whole lines.
    private var length = 0

    /// - Parameters:
    ///   - path: the journal's file, which is created if it is missing.
    ///   - worker: the name of this worker; a reader that writes nothing has none.
    init(_ path: String, worker: String) {
        self.path = path
        self.worker = worker
    }

    /// Reads what others wrote, while nobody writes, and runs `body` with the state.
    ///
    /// - Throws: a `FileError` if the journal cannot be locked or read, or what `body` throws.
    func locked<Result>(_ body: (Writer) throws -> Result) throws -> Result {
        let lock = try FileLock.wait(for: path)
        return try withExtendedLifetime(lock) {
            try refresh()
            return try body(Writer(journal: self))
        }
    }

    /// Appends entries, and reads what others wrote before.
    func append(_ events: JournalEntry.Event...) throws {
        try locked { writer in for event in events { try writer.append(event) } }
    }

    /// What can be done while the journal is locked.
    struct Writer {
        fileprivate let journal: SearchJournal

        var state: SearchState { journal.state }

        /// Appends an entry, and applies it to the state.
        ///
        /// - Throws: a `FileError`; the journal then ends where it did before.
        func append(_ event: JournalEntry.Event) throws(FileError) {
            let entry = JournalEntry(
                time: Date().timeIntervalSince1970, worker: journal.worker, event: event)
            let line = Array((entry.json.text + "\n").utf8)
            try FileContents.append(line, to: journal.path)
            journal.length += line.count
            journal.state.apply(entry)
        }
    }

    /// Applies the lines that were added since the last time.
    ///
    /// What is behind the last line end was torn by a kill or a full disk, and is cut off.
    private func refresh() throws(FileError) {
        let size = FileContents.size(of: path) ?? 0
        guard size != length else { return }
        guard size > length else {
            throw FileError(
                "is shorter than it was", path: path,
                fix: "restore it, or begin a search in another folder")
        }
        let whole = try state.read(path, from: length)
        length += whole
        if length < size, SystemCall.repeated({ truncate(path, length) }) != 0 {
            throw FileError(
                "has half a line, which cannot be cut off: \(String(cString: strerror(errno)))",
                path: path, fix: "use a folder that you may write to", cause: .unwritable)
        }
    }
}

extension SearchState {
    /// The state of a search that others may be working at.
    ///
    /// - Throws: a `FileError` if there is no journal, or it is damaged.
    init(ofJournal path: String) throws(FileError) {
        self.init()
        _ = try read(path, from: 0)
    }

    /// Applies the whole lines of a journal behind a position.
    ///
    /// - Returns: their length in bytes.
    fileprivate mutating func read(_ path: String, from start: Int) throws(FileError) -> Int {
        let all = try FileContents.read(path)
        let bytes = all.dropFirst(start)
        guard let end = bytes.lastIndex(of: 0x0A) else { return 0 }
        var number = all.prefix(start).count { $0 == 0x0A }
        for line in bytes[...end].split(separator: 0x0A, omittingEmptySubsequences: false)
            .dropLast()
        {
            number += 1
            do throws(FileError) {
                let entry = try JournalEntry(json: try JSONValue(inFile: Array(line)))
                if let problem = problem(of: entry) { throw FileError(problem) }
                apply(entry)
            } catch {
                throw FileError(
                    "line \(number) cannot be read: \(error.message)", path: path,
                    fix: "restore the journal, or begin a search in another folder")
            }
        }
        return end + 1 - start
    }
}
