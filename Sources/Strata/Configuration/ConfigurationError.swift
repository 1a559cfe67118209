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

    /// What a model says of an entry.
    init(path: String, _ error: ModelError) {
        self.init(
            path: path, message: error.problem.sentence, cure: Cure(error.problem.fix))
    }

    public var description: String {
        (path.isEmpty ? message : "\(path): \(message)") + (fix.map { "; \($0)" } ?? "")
    }
}
