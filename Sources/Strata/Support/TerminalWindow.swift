internal import Foundation

/// The terminal that a file descriptor leads to.
package struct TerminalWindow {
    package let columns: Int
    package let rows: Int

    /// The window as it is now, since users change it; one that does not tell its size counts as 80 × 24.
    ///
    /// - Returns: `nil` where the descriptor leads to no terminal.
    package init?(of descriptor: Int32 = STDOUT_FILENO) {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        columns = isKnown ? Int(size.ws_col) : 80
        rows = isKnown && size.ws_row > 0 ? Int(size.ws_row) : 24
    }

    /// How long a line may be that is drawn over again: some terminals wrap once the last column is
    /// written.
    package var lineLength: Int { max(columns - 1, 1) }
}
