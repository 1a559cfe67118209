import Foundation
import Strata
import Synchronization

/// The processes that work at a search: if a trial crashes one, another takes its place.
final class SearchProcesses {
    private let journal: String
    private let arguments: [String]
    private var running: [Int: ChildProcess] = [:]
    /// The journal's size when each process was started.
    private var sizes: [Int: Int] = [:]
    private let received = Received()
    /// The signals that end the search after the current batches.
    private var signals: [Int32] = []

    /// The last received signal, or 0; shared with the signals' threads.
    private final class Received: Sendable {
        let signal = Atomic<Int32>(0)
    }

    /// - Parameters:
    ///   - journal: the path of the search's journal.
    ///   - arguments: those of this process, without its name.
    init(journal: String, arguments: [String]) {
        self.journal = journal
        self.arguments = arguments
    }

    /// Runs processes until the search is over.
    ///
    /// - Returns: `nil` if the search is over, otherwise the exit code of the process that ended it.
    func run(_ count: Int) throws -> Int32? {
        let signals = StopSignals { [received] in
            received.signal.store($0, ordering: .relaxed)
        }
        defer { signals.end() }
        self.signals = signals.numbers
        for index in 0..<count { try start(index) }
        var code: Int32?
        var isStopping = false
        while !running.isEmpty {
            Thread.sleep(forTimeInterval: 0.02)
            let number = received.signal.exchange(0, ordering: .relaxed)
            if number != 0 {
                isStopping = true
                for process in running.values { process.send(number) }
            }
            for (index, process) in running {
                guard let end = process.end() else { continue }
                running[index] = nil
                guard let ended = try self.code(of: end, index, isStopping: isStopping) else {
                    continue
                }
                code = code ?? ended
                // What stops one stops all: a full disk, or a wrong space. A second signal would
                // end those at once that were sent one before.
                if !isStopping { for other in running.values { other.send(SIGTERM) } }
                isStopping = true
            }
        }
        return code
    }

    /// The exit code of a process that ends the search; `nil` if the search goes on or is over.
    private func code(
        of end: ChildProcess.End, _ index: Int, isStopping: Bool
    ) throws -> Int32? {
        switch end {
        case .exit(let code): return code == 0 ? nil : code
        case .signal(let number):
            // If nothing was written, another process would end as this one.
            guard !isStopping, (FileContents.size(of: journal) ?? 0) > sizes[index] ?? 0 else {
                if !isStopping {
                    Console.writeError(
                        "A process was ended by signal \(number) before it did anything; "
                            + "the same command continues the search\n")
                }
                return 128 + number
            }
            Console.writeError(
                "A process was ended by signal \(number) in a trial; another one goes on\n")
            try start(index)
            return nil
        }
    }

    private func start(_ index: Int) throws {
        sizes[index] = FileContents.size(of: journal) ?? 0
        running[index] = try ChildProcess(
            arguments + ["--worker", "\(index)"], ending: signals)
    }
}
