import ArgumentParser
import Strata

/// The option `--threads`.
struct ThreadsOption: ParsableArguments {
    @Option(
        parsing: .unconditional, help: "The number of threads. (default: the available cores)",
        transform: OptionRange.threads.parse)
    var threads: Int?

    /// Sets the number of threads, if one was given.
    func apply() {
        if let threads { setThreadCount(threads) }
    }
}
