#if Server
import Dispatch
import Foundation
import StrataServer
import Synchronization

/// Asynchronous work of a command, which is synchronous.
enum Blocking {
    private final class Outcome: Sendable {
        let error = Mutex<(any Error)?>(nil)
        let isDone = DispatchSemaphore(value: 0)
    }

    /// Waits until the work is done.
    ///
    /// - Throws: what it throws; a ``Failure`` if a server cannot start.
    static func run(_ work: @escaping @Sendable () async throws -> Void) throws {
        let outcome = Outcome()
        Task.detached {
            do {
                try await work()
            } catch {
                outcome.error.withLock { $0 = error }
            }
            outcome.isDone.signal()
        }
        outcome.isDone.wait()
        guard let error = outcome.error.withLock({ $0 }) else { return }
        if let error = error as? ServerStartError {
            throw Failure(error.description, error.isFileUnreadable ? .noInput : .system)
        }
        throw error
    }
}

/// The files that the process may have open: connections are among them.
enum OpenFiles {
    /// For models, the log and what the process has besides.
    private static let others = 128

    /// Raises the limit as far as is allowed.
    ///
    /// - Returns: how many connections there can be, `count` at most.
    static func connections(upTo count: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return count
        }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let allowed = Int(exactly: limit.rlim_cur) ?? Int.max
        return max(1, min(count, allowed - others))
    }
}
#endif
