/// An invalid configuration: the entry, and the expected value.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where in the configuration: `layers[3].config.filters`.
    public let path: String
    public let message: String
    /// Whether the entry names a class that is not registered.
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
