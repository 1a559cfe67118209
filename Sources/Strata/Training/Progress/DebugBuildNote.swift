internal import Synchronization

/// What a debug build says once in a process, when training begins to show its progress.
package enum DebugBuildNote {
    static let text =
        "note: this is a debug build; a release build trains about ten times as fast: "
        + "swift run -c release"

    private static let hasShown = Mutex(false)

    static func show(for verbosity: Verbosity) {
        #if DEBUG
            if isDue(verbosity, hasShown) { Console.writeError(text + "\n") }
        #endif
    }

    /// Shows no note in this process: for a program whose user does not build it.
    package static func suppress() { hasShown.withLock { $0 = true } }

    /// Whether the note is to be shown, which it is once.
    static func isDue(_ verbosity: Verbosity, _ hasShown: borrowing Mutex<Bool>) -> Bool {
        guard verbosity != .silent else { return false }
        return hasShown.withLock { hasShown in
            defer { hasShown = true }
            return !hasShown
        }
    }
}
