@preconcurrency internal import Foundation

/// Standard output and standard error, in the order in which a program writes to them.
///
/// Everything goes through the buffer of `print`, which is flushed at once: progress lines come
/// after the program's earlier output, also in a pipe or a file. An output that cannot be written,
/// because its reader is gone or its disk is full, does not end the process.
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

    /// Whether any output to standard output was lost.
    package static var hasLostOutput: Bool { fflush(stdout) != 0 || ferror(stdout) != 0 }

    /// Whether standard output is a terminal on which a line can be overwritten.
    package static var canRedraw: Bool { canRedraw(STDOUT_FILENO) }

    static func canRedraw(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }
}
