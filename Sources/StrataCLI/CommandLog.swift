import Logging
import Strata
import Synchronization

/// The log handler of the command: writes `warning: …` to standard error.
struct CommandLog: LogHandler {
    /// Of all loggers that are made from now on: the library makes one for each warning.
    static let handler = Mutex<any LogHandler>(CommandLog())

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
