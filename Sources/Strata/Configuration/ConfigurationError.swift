/// A configuration that cannot be used: which entry of it, and what should be there.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where in the configuration: `layers[3].config.filters`.
    public let path: String
    public let message: String

    package init(path: String, message: String) {
        self.path = path
        self.message = message
    }

    public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
