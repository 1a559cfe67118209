import Foundation
import Strata

/// A parameter of a function or an initializer, as the text of the sources declares it.
struct SwiftParameter {
    /// The label and the name inside.
    let names: [String]
    /// Whether it goes by its place.
    let isUnlabelled: Bool
    /// What stands after the equals sign.
    let defaultText: String?

    /// The parameters of a list, from after its opening parenthesis.
    static func list(_ text: Substring) -> [SwiftParameter] {
        var depth = 0
        var parts: [String] = [""]
        var isText = false
        for character in text {
            if character == "\"" { isText.toggle() }
            if !isText {
                if "([{".contains(character) { depth += 1 }
                if ")]}".contains(character) { depth -= 1 }
                if depth < 0 { break }
                if depth == 0, character == "," {
                    parts.append("")
                    continue
                }
            }
            parts[parts.count - 1].append(character)
        }
        return parts.compactMap { SwiftParameter($0) }
    }

    private init?(_ declaration: String) {
        guard let colon = declaration.firstIndex(of: ":") else { return nil }
        let words = declaration[..<colon].split { $0 == " " || $0 == "\n" }.map(String.init)
        names = words.filter { $0 != "_" && !$0.hasPrefix("@") }
        isUnlabelled = words.contains("_")
        let rest = declaration[declaration.index(after: colon)...]
        let equals = rest.range(of: " = ")
        defaultText = equals.map {
            rest[$0.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    /// Whether this is what Keras knows by one of some names.
    func isCalled(_ wanted: [String]) -> Bool {
        names.contains { name in
            wanted.contains { ProjectSources.plain($0) == ProjectSources.plain(name) }
        }
    }

    /// The default as Keras's files would hold it; `nil` where it is an object.
    var defaultValue: JSONValue? {
        guard let defaultText else { return nil }
        switch defaultText {
        case "nil": return .null
        case "true": return true
        case "false": return false
        case _ where defaultText.hasPrefix("\""):
            return .string(defaultText.trimmingCharacters(in: ["\""]))
        case ".constant(0)": return 0
        case _ where defaultText.hasPrefix("."):
            // The cases of our enums are Keras's texts.
            return .string(LayerNames.snakeCase(String(defaultText.dropFirst())))
        default:
            return Double(defaultText.filter { $0 != "_" }).map { .number($0) }
        }
    }
}
