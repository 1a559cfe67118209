import Logging
import Strata

/// The log handler of the command: writes `warning: …` to standard error.
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
