#if Server
/// A repository that cannot be opened, with a cure; for the one who starts the server, not for
/// clients: it names paths.
public struct RepositoryError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
#endif
