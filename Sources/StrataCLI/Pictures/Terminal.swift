import Foundation

/// What standard output leads to.
struct Terminal {
    /// Characters in a line.
    let width: Int
    /// Whether colours may be used.
    let hasColours: Bool

    static var standardOutput: Terminal {
        guard isatty(STDOUT_FILENO) == 1 else { return Terminal(width: 80, hasColours: false) }
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        let environment = ProcessInfo.processInfo.environment
        // no-color.org: any value but the empty one asks for none.
        let isPlain = environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
        return Terminal(width: isKnown ? Int(size.ws_col) : 80, hasColours: !isPlain)
    }
}
