/// A configuration that cannot be used: which entry of it, and what should be there.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where in the configuration: `layers[3].config.filters`.
    public let path: String
    public let message: String
    /// Whether the entry names a class that nobody has registered.
    let isUnknownClass: Bool

    package init(path: String, message: String) {
        self.init(path: path, message: message, isUnknownClass: false)
    }

    init(path: String, message: String, isUnknownClass: Bool) {
        self.path = path
        self.message = message
        self.isUnknownClass = isUnknownClass
    }

    public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
