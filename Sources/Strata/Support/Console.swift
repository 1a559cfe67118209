@preconcurrency internal import Foundation

/// Standard output and standard error, in the order in which a program writes to them.
///
/// Everything goes through the buffer of `print`, and out of it at once: lines of progress stand behind
/// what the program printed before, also in a pipe or a file. An output that cannot be written, because
/// its reader is gone or its disk is full, is no reason to end.
package enum Console {
    /// Writes to standard output.
    package static func write(_ text: String) {
        fputs(text, stdout)
        fflush(stdout)
    }

    /// Writes to standard error.
    package static func writeError(_ text: String) {
        fflush(stdout)
        fputs(text, stderr)
    }

    /// Whether something that was written to standard output did not arrive.
    package static var hasLostOutput: Bool { fflush(stdout) != 0 || ferror(stdout) != 0 }

    /// Whether standard output is a terminal on which a line can be written over.
    package static var canRedraw: Bool { canRedraw(STDOUT_FILENO) }

    static func canRedraw(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }
}
