import Foundation
import Strata

/// What standard input, output and error lead to.
enum StandardStreams {
    /// Makes them safe to write to, whatever the program was started with.
    static func prepare() {
        // A reader that has seen enough, as head has, must not end a training.
        signal(SIGPIPE, SIG_IGN)
        // The next file that is opened would take the number of one that is closed, and get what is
        // printed. Numbers are given in order, so that each gets its own.
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            guard open("/dev/null", O_RDWR) == descriptor else { return }
        }
    }

    /// Whether what reads standard output has gone.
    private static var isReaderGone: Bool {
        var state = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        return poll(&state, 1, 0) > 0 && state.revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
    }

    /// - Throws: a ``Failure`` where the disk did not take all that was printed. That a reader has gone is
    ///   its own affair.
    static func finish() throws {
        guard Console.hasLostOutput, !isReaderGone else { return }
        throw Failure(
            "standard output could not be written; make room on its disk, or let it lead elsewhere",
            .output)
    }
}
