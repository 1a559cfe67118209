import Foundation
import Strata

/// What Keras offers, as `Tests/Fixtures/keras/surface.py` wrote it down.
struct KerasSurface {
    /// A class or a function.
    struct Symbol {
        var name: String
        var aliases: [String]
        /// Names of arguments, in Keras's order.
        var arguments: [String]
        /// The defaults of functions, and of classes that do not say, where they are no objects.
        var defaults: [String: JSONValue] = [:]
        /// What an object is made with here, and what it then says of itself; `nil` for functions and for
        /// classes that do not say.
        var example: (given: [String: JSONValue], config: [String: JSONValue])?

        init(_ name: String, _ value: JSONValue) {
            func texts(_ key: String) -> [String] {
                guard case .array(let items)? = value[key] else { return [] }
                return items.compactMap { if case .string(let text) = $0 { text } else { nil } }
            }
            self.name = name
            aliases = texts("aliases")
            arguments = texts("arguments")
            if case .object(let defaults)? = value["defaults"] { self.defaults = defaults }
            if case .object(let given)? = value["given"],
                case .object(let config)? = value["config"]
            {
                example = (given, config)
            }
        }
    }

    private let modules: [String: JSONValue]

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/keras/surface.json")
        guard case .object(let modules) = try JSONValue(parsing: Array(Data(contentsOf: file)))
        else { throw CocoaError(.fileReadCorruptFile) }
        self.modules = modules
    }

    /// What a module holds, by name.
    func symbols(_ module: String) -> [Symbol] {
        guard case .object(let members)? = modules[module] else { return [] }
        return members.sorted { $0.key < $1.key }.map { Symbol($0.key, $0.value) }
    }
}
