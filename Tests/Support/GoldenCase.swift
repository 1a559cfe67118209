package import Foundation
package import StrataGraph

/// A case of what Keras computes: its description, and the tensors that go with it.
package struct GoldenCase: Sendable, CustomStringConvertible {
    package let name: String
    /// `layer`, `activation`, `loss`, `metric`, `optimizer`, `schedule`, `initializer`, `op`, `model`.
    package let kind: String
    package let className: String
    /// Further keys of the description; read what is needed with ``decoded(as:)``.
    package let text: Data
    package let file: SafetensorsFile
    private let relative: Float
    private let absolute: Float

    package var description: String { name }

    private struct Head: Decodable {
        var kind: String
        var name: String
        var className: String
        var rtol: Float
        var atol: Float
    }

    package init(_ url: URL) throws {
        file = try SafetensorsFile(url)
        guard let description = file.metadata["case"] else {
            throw SafetensorsFile.Failure(
                description: "\(url.lastPathComponent) does not describe a case")
        }
        text = Data(description.utf8)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let head = try decoder.decode(Head.self, from: text)
        name = head.name
        kind = head.kind
        className = head.className
        relative = head.rtol
        absolute = head.atol
    }

    /// The description, or those of its keys that a type has.
    package func decoded<T: Decodable>(as type: T.Type) throws -> T {
        try JSONDecoder().decode(type, from: text)
    }

    package func tensor(_ name: String) throws -> Tensor { try file.tensor(name) }

    package func has(_ name: String) -> Bool { file.names.contains(name) }

    /// `input.0`, `input.1`, … as far as they go.
    package func tensors(numbered prefix: String) throws -> [Tensor] {
        var result: [Tensor] = []
        while has("\(prefix).\(result.count)") {
            result.append(try tensor("\(prefix).\(result.count)"))
        }
        return result
    }

    /// How a result differs from an expected tensor by more than the case's tolerance.
    ///
    /// - Returns: `nil` where they agree; else a line for a person to read.
    package func difference(_ got: Tensor, from expected: String) throws -> String? {
        difference(got, from: try tensor(expected)).map { "\(expected): \($0)" }
    }

    package func difference(_ got: Tensor, from expected: Tensor) -> String? {
        guard got.shape == expected.shape else {
            return "shape \(got.shape) where \(expected.shape) is expected"
        }
        if expected.dtype == .int32 {
            return got.integers == expected.integers ? nil : "got \(got), expected \(expected)"
        }
        var worst: (place: Int, excess: Float)?
        let (left, right) = (got.scalars, expected.scalars)
        for place in left.indices where left[place] != right[place] {
            let excess =
                abs(left[place] - right[place]) - (absolute + relative * abs(right[place]))
            if left[place].isNaN != right[place].isNaN {
                return "element \(place) is \(left[place]), expected \(right[place])"
            }
            if excess > worst?.excess ?? 0 { worst = (place, excess) }
        }
        return worst.map { place, _ in
            "element \(place) is \(left[place]), expected \(right[place])"
        }
    }
}

/// The cases: the repository's own, some of each kind, and those of the folder `STRATA_GOLDEN`, else
/// `../shared/golden` beside the package, where it is there.
package enum GoldenFolder {
    package static let url: URL =
        if let path = ProcessInfo.processInfo.environment["STRATA_GOLDEN"] {
            URL(fileURLWithPath: path)
        } else {
            // A package that has a part of the targets has links to their folders.
            URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
                .appendingPathComponent("../shared/golden").standardizedFileURL
        }

    /// Whether the folder is beside the package; a clone alone has only the cases of its own.
    package static let isThere = FileManager.default.fileExists(atPath: url.path)

    private static let own = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../Fixtures/golden").standardizedFileURL

    private struct Content {
        var cases: [GoldenCase] = []
        var unreadable: [String] = []

        init(_ folder: URL) {
            let files = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
            for path in files.compactMap({ $0 as? String }).sorted()
            where path.hasSuffix(".safetensors") {
                do {
                    cases.append(try GoldenCase(folder.appendingPathComponent(path)))
                } catch {
                    unreadable.append("\(path): \(error)")
                }
            }
        }
    }

    private static let ownContent = Content(own)
    private static let content = Content(url)

    /// The cases in the repository.
    package static var ownCases: [GoldenCase] { ownContent.cases }

    private static let all: [GoldenCase] = {
        let own = Set(ownCases.map { "\($0.kind) \($0.name)" })
        let others = content.cases.filter { !own.contains("\($0.kind) \($0.name)") }
        return (ownCases + others).sorted { $0.name < $1.name }
    }()

    /// All cases of a kind, by name; one that is in both places counts once.
    package static func cases(_ kind: String) -> [GoldenCase] { all.filter { $0.kind == kind } }

    /// Files that should be cases and cannot be read, each with the reason.
    package static var unreadable: [String] { ownContent.unreadable + content.unreadable }
}
