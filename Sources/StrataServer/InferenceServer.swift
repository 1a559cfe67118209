#if Server
package import Hummingbird
public import Logging

/// Serves models over HTTP and gRPC.
///
/// ```swift
/// let repository = ModelRepository(["fashion": try Predictor(contentsOf: "fashion.keras")])
/// try await InferenceServer(repository).run()
/// ```
public struct InferenceServer: Sendable {
    public let repository: ModelRepository
    public let settings: Settings
    public let health: Health
    /// Further routes, such as those of the page.
    public let routes: [any RouteGroup]
    public let logger: Logger

    public init(
        _ repository: ModelRepository, settings: Settings = Settings(),
        routes: [any RouteGroup] = [], logger: Logger = Logger(label: "strata.server")
    ) {
        self.repository = repository
        self.settings = settings
        health = Health(repository)
        self.routes = routes
        self.logger = logger
    }

    /// All routes; tests send requests to it without a socket.
    package func router() -> Router<ServerRequestContext> {
        let router = Router(
            context: ServerRequestContext.self, options: .autoGenerateHeadEndpoints)
        let index = RouteIndex()
        router.add(middleware: ErrorResponses(index))
        for group in protocols + routes { group.addRoutes(to: router) }
        index.take(router)
        return router
    }

    private var protocols: [any RouteGroup] {
        [
            OpenInferenceRoutes(repository, health: health, settings: settings),
            RepositoryRoutes(repository, settings: settings),
            PictureRoutes(repository, settings: settings),
        ]
    }

    /// Serves until the task is cancelled or the process gets SIGTERM or SIGINT.
    ///
    /// - Throws: if the address cannot be listened at.
    public func run() async throws {
        let application = Application(
            router: router(),
            configuration: .init(address: .hostname(settings.host, port: settings.port)),
            logger: logger)
        try await application.runService()
    }
}
#endif
