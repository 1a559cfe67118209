import Foundation

/// The text of the library and of its tests, for saying what is declared in the one and named in the other.
struct ProjectSources {
    /// Public declarations by folder.
    private let declared: [(folder: String, name: String)]
    private let files: [(path: String, text: String)]
    private let tests: [(name: String, words: Set<Substring>)]

    /// A package that has a part of the targets has links to their folders.
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "../..").standardizedFileURL

    init() throws {
        func files(_ folder: String) throws -> [(path: String, text: String)] {
            let url = Self.root.appending(path: folder)
            let paths = FileManager.default.enumerator(atPath: url.path)?.allObjects ?? []
            return try paths.compactMap { $0 as? String }.sorted()
                .filter { path in [".swift", ".py", ".json"].contains { path.hasSuffix($0) } }
                .map { ($0, try String(contentsOf: url.appending(path: $0), encoding: .utf8)) }
        }
        let kinds = "final|static|override|class|struct|enum|protocol|func"
        let declaration = try Regex("(?:public|open)(?:\\s+(?:\(kinds)))+\\s+`?([A-Za-z]\\w*)")
        let sources = try files("Sources/Strata") + files("Sources/StrataVisualization")
        self.files = sources
        declared = sources.flatMap { path, text in
            text.matches(of: declaration).compactMap { match in
                match.output[1].substring.map { (path, String($0)) }
            }
        }
        tests = try files("Tests").compactMap { path, text in
            let name = path.split(separator: "/").last ?? ""
            // What is made from these lists, or serves all tests, speaks of everything; the graph,
            // the engine and the C interface have the same words for what is below Keras's symbols.
            guard name.hasSuffix("Tests.swift") || path.hasPrefix("Fixtures/"),
                !name.hasPrefix("KerasTable"), !name.hasPrefix("surface"),
                !["StrataEngineTests/", "StrataGraphTests/", "StrataKerasTests/"].contains(
                    where: path.hasPrefix)
            else { return nil }
            let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
            return (name.hasSuffix(".swift") ? String(name.dropLast(6)) : path, Set(words))
        }
    }

    /// The public type or function in some folders that goes by Keras's name, but for capitals and
    /// underscores.
    func declaration(_ name: String, in folders: [String]) -> String? {
        let wanted = Self.plain(name)
        return declared.first { path, own in
            Self.plain(own) == wanted && folders.contains { path.hasPrefix($0) }
        }?.name
    }

    /// The files of tests that name a word, without their endings, and fixtures that do.
    func tests(naming word: String) -> [String] {
        tests.filter { $0.words.contains(Substring(word)) }.map(\.name)
    }

    /// The parameters of all public functions of a name, or of a type's initializers.
    ///
    /// - Parameter name: of a function, of a type, or of a type's function: `ImageEncoder.png`.
    func overloads(of name: String, in folders: [String]) -> [[SwiftParameter]] {
        let parts = name.split(separator: ".")
        let own = parts.last ?? ""
        let isType = own.first?.isUppercase == true
        let call = isType ? "init" : "func\\s+`?\(own)`?"
        let modifiers = "(?:\\s+(?:final|static|override|convenience))*"
        guard
            let head = try? Regex("(?:public|open)\(modifiers)\\s+\(call)\\s*(?:<[^>]*>)?\\(")
        else { return [] }
        // One type, one file, and perhaps extensions in files with a plus sign.
        let type = isType ? own : parts.count > 1 ? parts[0] : nil
        return files.filter { path, _ in
            folders.contains { path.hasPrefix($0) }
                && (type.map { path.contains("/\($0).") || path.contains("/\($0)+") } ?? true)
        }.flatMap { _, text in
            text.matches(of: head).map { SwiftParameter.list(text[$0.range.upperBound...]) }
        }
    }

    static func plain(_ name: String) -> String {
        name.lowercased().filter { $0 != "_" }
    }
}
