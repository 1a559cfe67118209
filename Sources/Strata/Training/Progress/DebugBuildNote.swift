internal import Synchronization

/// The note of a debug build, shown once in a process when training shows its progress.
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

    /// Suppresses the note in this process: for a program that its user does not build.
    package static func suppress() { hasShown.withLock { $0 = true } }

    /// Whether to show the note, which is shown once.
    static func isDue(_ verbosity: Verbosity, _ hasShown: borrowing Mutex<Bool>) -> Bool {
        guard verbosity != .silent else { return false }
        return hasShown.withLock { hasShown in
            defer { hasShown = true }
            return !hasShown
        }
    }
}
