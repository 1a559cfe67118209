internal import Foundation

/// The terminal of a file descriptor.
package struct TerminalWindow {
    package let columns: Int
    package let rows: Int

    /// The current window; 80 × 24 if its size is not known.
    ///
    /// - Returns: `nil` if the descriptor is not a terminal.
    package init?(of descriptor: Int32 = STDOUT_FILENO) {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        columns = isKnown ? Int(size.ws_col) : 80
        rows = isKnown && size.ws_row > 0 ? Int(size.ws_row) : 24
    }

    /// The maximum length of a line that is overwritten: some terminals wrap once the last column
    /// is written.
    package var lineLength: Int { max(columns - 1, 1) }
}
