import Foundation
import Strata

/// A copy of this program that runs beside it, and knows when this one is gone.
///
/// Foundation's `Process` learns of an end only while a run loop runs.
final class ChildProcess {
    /// How a process ended.
    enum End {
        case exit(Int32)
        case signal(Int32)
    }

    private let identifier: pid_t
    /// Its standard input ends when this is closed, at the latest with this process.
    private let lifeline: Int32

    /// Starts this program with other arguments.
    ///
    /// - Parameters:
    ///   - arguments: those of the child, without the program's name.
    ///   - signalNumbers: the signals that this process handles, and which end the child.
    /// - Throws: a ``Failure`` if the system has no more processes.
    init(_ arguments: [String], ending signalNumbers: [Int32]) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Self.failure(errno) }
        defer { close(ends[0]) }
        // Another child that had it open would keep this one's input from ending.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        lifeline = ends[1]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Signals reach it through this process only, which ignores them for itself.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in signalNumbers { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        var words = ([CommandLine.arguments[0]] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, "/proc/self/exe", &actions, &attributes, &words, environ)
        guard code == 0 else {
            close(ends[1])
            throw Self.failure(code)
        }
        identifier = child
    }

    deinit { close(lifeline) }

    /// How it ended; `nil` while it runs.
    func end() -> End? {
        var status: Int32 = 0
        guard waitpid(identifier, &status, WNOHANG) == identifier else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? .exit(status >> 8 & 0xFF) : .signal(signal)
    }

    func send(_ signal: Int32) { kill(identifier, signal) }

    private static func failure(_ code: Int32) -> Failure {
        Failure("no process can be started: \(String(cString: strerror(code)))", .system)
    }

    /// Ends this process when the one that started it is gone, even if that was killed.
    static func endWithParent() {
        let thread = Thread {
            var byte: UInt8 = 0
            while read(STDIN_FILENO, &byte, 1) > 0 {}
            _exit(EX_TEMPFAIL)
        }
        thread.start()
    }
}
