import Logging
import Strata

/// Writes what the library logs as the command writes: `warning: …` on standard error.
struct CommandLog: LogHandler {
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        Console.writeError("\(event.level): \(event.message)\n")
    }
}
