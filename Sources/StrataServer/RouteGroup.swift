#if Server
public import Hummingbird

/// Routes of one kind, such as those of a protocol.
public protocol RouteGroup: Sendable {
    func addRoutes(to router: Router<ServerRequestContext>)
}

/// What belongs to one request.
public struct ServerRequestContext: RequestContext {
    public var coreContext: CoreRequestContextStorage

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }
}
#endif
