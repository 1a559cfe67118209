import Foundation
import Testing

/// Texts that are kept in `Tests/Fixtures/snapshots` and compared as a whole.
enum Snapshots {
    /// Writes them instead of comparing.
    static let isWriting = ProcessInfo.processInfo.environment["STRATA_WRITE_SNAPSHOTS"] == "1"
    static let rewriting = """
        if that is intended, rewrite the snapshots, and read what changed in them:
        STRATA_WRITE_SNAPSHOTS=1 swift test --filter SnapshotTests
        """

    private static func url(_ folder: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Fixtures/snapshots/\(folder)").standardizedFileURL
    }

    static func exist(in folder: String) -> Bool {
        FileManager.default.fileExists(atPath: url(folder).path)
    }

    /// Records an issue for each text that differs from its file, for each file that is missing, and for each that has
    /// no text any more.
    static func compare(
        _ texts: [String: String], _ folder: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let url = url(folder)
        if isWriting {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            for (name, text) in texts {
                try Data("\(text)\n".utf8).write(to: url.appending(path: "\(name).txt"))
            }
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: url.path)
        #expect(Set(files) == Set(texts.keys.map { "\($0).txt" }), sourceLocation: sourceLocation)
        for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
            let path = "\(folder)/\(name).txt"
            let kept = try? String(
                contentsOf: url.appending(path: "\(name).txt"), encoding: .utf8)
            guard let kept, kept != "\(text)\n" else { continue }
            Issue.record(
                "\(path): \(difference(kept: kept, now: "\(text)\n"))\n\(rewriting)",
                sourceLocation: sourceLocation)
        }
    }

    /// The first lines that differ.
    static func difference(kept: String, now: String, lines most: Int = 4) -> String {
        let (kept, now) = (
            kept.split(separator: "\n", omittingEmptySubsequences: false),
            now.split(separator: "\n", omittingEmptySubsequences: false)
        )
        let same = zip(kept, now).prefix { $0 == $1 }.count
        func shown(_ lines: [Substring], _ sign: String) -> String {
            lines.dropFirst(same).prefix(most).map { "\n\(sign) \($0)" }.joined()
        }
        return "line \(same + 1) differs (- kept, + now)" + shown(kept, "-") + shown(now, "+")
    }
}
