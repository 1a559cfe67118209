import Foundation
import Strata

/// Standard input, output and error.
enum StandardStreams {
    /// Makes them safe to write to, however the program was started.
    static func prepare() {
        // A reader that ends early, such as head, must not end training.
        signal(SIGPIPE, SIG_IGN)
        // The next opened file would take the descriptor of a closed stream, and receive the
        // output. Descriptors are assigned in order, so that each stream gets its own.
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            guard open("/dev/null", O_RDWR) == descriptor else { return }
        }
    }

    /// Whether the reader of standard output has closed it.
    private static var isReaderGone: Bool {
        var state = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        return poll(&state, 1, 0) > 0 && state.revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
    }

    /// - Throws: a ``Failure`` if the output could not be written completely, for instance to a
    ///   full disk. A closed reader is not an error.
    static func finish() throws {
        guard Console.hasLostOutput, !isReaderGone else { return }
        throw Failure(
            "standard output could not be written; make room on its disk, or let it lead elsewhere",
            .output)
    }
}
