#if Server
import Foundation
import Logging
import Strata

/// How the log of the server is written.
enum LogFormat: String, CaseIterable {
    case text
    case json
}

/// The log of the server: a line for each event on standard error, with its time and metadata.
struct ServeLog: LogHandler {
    let format: LogFormat
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let metadata = metadata.merging(event.metadata ?? [:]) { $1 }
            .sorted { $0.key < $1.key }
        let time = Date.now.formatted(.iso8601.time(includingFractionalSeconds: true))
        switch format {
        case .text:
            let fields = metadata.map { " \($0.key)=\(Self.quoted("\($0.value)"))" }.joined()
            // Text from outside must not begin lines of its own.
            let message = Self.oneLine("\(event.message)")
            Console.writeError("\(time) \(event.level): \(message)\(fields)\n")
        case .json:
            var fields: [String: JSONValue] = [
                "time": .string(time), "level": .string("\(event.level)"),
                "message": .string("\(event.message)"),
            ]
            for (key, value) in metadata where fields[key] == nil {
                fields[key] = .string("\(value)")
            }
            Console.writeError(JSONValue.object(fields).text + "\n")
        }
    }

    private static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline || $0.asciiValue ?? 32 < 32 ? " " : $0 })
    }

    private static func quoted(_ text: String) -> String {
        let text = oneLine(text)
        let isWord = !text.isEmpty && !text.contains { $0 == " " || $0 == "\"" || $0 == "=" }
        return isWord ? text : "\"\(text.replacingOccurrences(of: "\"", with: "\\\""))\""
    }
}
#endif
