#if Server
public import Hummingbird

/// Routes of one kind, such as those of a protocol.
public protocol RouteGroup: Sendable {
    func addRoutes(to router: Router<ServerRequestContext>)

    /// The paths for which no token is needed: they tell nothing about models.
    var openPaths: Set<String> { get }
}

extension RouteGroup {
    public var openPaths: Set<String> { [] }
}

/// What belongs to one request.
public struct ServerRequestContext: RequestContext {
    public var coreContext: CoreRequestContextStorage

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }
}
#endif
