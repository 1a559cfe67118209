/// An invalid configuration: the entry, and the expected value.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where in the configuration: `layers[3].config.filters`.
    public let path: String
    /// The problem.
    public let message: String
    /// The fix, if it has one.
    public var fix: String? { cure.text }
    let cure: Cure
    /// Whether the entry names a class that is not registered.
    let isUnknownClass: Bool

    package init(path: String, message: String) {
        self.init(path: path, message: message, cure: Cure())
    }

    init(path: String, message: String, cure: Cure, isUnknownClass: Bool = false) {
        self.path = path
        self.message = message
        self.cure = cure
        self.isUnknownClass = isUnknownClass
    }

    /// What another part of the library says of an entry.
    init(path: String, _ error: any Error) {
        if let problem = (error as? ModelError)?.problem {
            self.init(path: path, message: problem.sentence, cure: Cure(problem.fix))
        } else {
            self.init(path: path, message: "\(error)")
        }
    }

    /// The place and the problem.
    var facts: String { path.isEmpty ? message : "\(path): \(message)" }

    public var description: String { facts + (fix.map { "; \($0)" } ?? "") }
}
