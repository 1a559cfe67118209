import Foundation
import Testing

/// Commands that README and the documents name, in code spans and blocks.
@Suite struct DocumentedCommandTests {
    struct Command: CustomTestStringConvertible, Sendable {
        let document: String
        let words: [String]

        var testDescription: String { "\(document): \(words.joined(separator: " "))" }
    }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func commands(_ pattern: String) throws -> [Command] {
        let folder = try FileManager.default.contentsOfDirectory(
            atPath: root.appendingPathComponent("docs").path)
        let documents =
            ["README.md", "CONTRIBUTING.md"]
            + folder.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
        let command = try Regex("(?:`|^ *)(\(pattern)[^`\n#|]*)").anchorsMatchLineEndings()
        return try documents.flatMap { document in
            try String(contentsOf: root.appendingPathComponent(document), encoding: .utf8)
                .matches(of: command)
                .map { match in
                    let words = match.output[1].substring ?? ""
                    return Command(
                        document: document, words: words.split(separator: " ").map(String.init))
                }
        }
    }

    @Test func `a command that a document names is there, with its options`() throws {
        let commands = try Self.commands("strata [a-z]")
        #expect(commands.count > 10)
        var helps: [String: String] = [:]
        for command in commands {
            let name = command.words[1]
            if helps[name] == nil {
                let outcome = try Workplace().strata(name, "--help")
                #expect(outcome.code == 0, "\(command.testDescription)")
                helps[name] = outcome.output
            }
            let known = Set(
                helps[name, default: ""].split { " ,[]()/=\n".contains($0) }.map(String.init))
            for option in command.words where option.hasPrefix("-") {
                #expect(known.contains(option), "\(command.testDescription): no option \(option)")
            }
        }
    }

    @Test func `a script that a document names is there`() throws {
        let commands = try Self.commands("scripts/[a-z]")
        #expect(commands.count > 5)
        for command in commands {
            let script = Self.root.appendingPathComponent(command.words[0]).path
            #expect(FileManager.default.isExecutableFile(atPath: script), "\(command)")
        }
    }

    @Test func `an example that a document runs is there`() throws {
        let commands = try Self.commands("swift run [^`|]*--package-path Examples ")
        #expect(!commands.isEmpty)
        for command in commands {
            let folder = Self.root.appendingPathComponent("Examples/Sources").path
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(!Set(names).isDisjoint(with: command.words), "\(command)")
        }
    }
}
