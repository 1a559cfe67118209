#if Server
package import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import UnixSignals

/// Serves models over HTTP and gRPC.
///
/// ```swift
/// let repository = ModelRepository(["fashion": try Predictor(contentsOf: "fashion.keras")])
/// try await InferenceServer(repository).run()
/// ```
public struct InferenceServer: Sendable {
    /// Where clients can connect.
    public struct Listening: Sendable, Hashable {
        public let port: Int
        public let grpcPort: Int?
    }

    public let repository: ModelRepository
    public let settings: Settings
    public let health: Health
    /// Further routes, such as those of the page.
    public let routes: [any RouteGroup]
    public let logger: Logger
    private let httpMetrics: HTTPMetrics

    public init(
        _ repository: ModelRepository, settings: Settings = Settings(),
        routes: [any RouteGroup] = [], logger: Logger = Logger(label: "strata.server")
    ) {
        self.repository = repository
        self.settings = settings
        health = Health(repository)
        self.routes = routes
        self.logger = logger
        httpMetrics = HTTPMetrics(repository.metrics)
    }

    /// All routes; tests send requests to it without a socket.
    package func router() -> Router<ServerRequestContext> {
        let router = Router(
            context: ServerRequestContext.self, options: .autoGenerateHeadEndpoints)
        let index = RouteIndex()
        let openPaths = routes.reduce(into: Set<String>()) { $0.formUnion($1.openPaths) }
        router.add(
            middleware: RequestGate(settings, openPaths: openPaths, metrics: httpMetrics))
        router.add(middleware: ErrorResponses(index))
        for group in protocols { group.addRoutes(to: router) }
        let listed = Set(router.routes.map(\.path.description))
        for group in routes { group.addRoutes(to: router) }
        index.take(router, listed: listed)
        return router
    }

    private var protocols: [any RouteGroup] {
        [
            OpenInferenceRoutes(repository, health: health, settings: settings),
            RepositoryRoutes(repository, settings: settings),
            PictureRoutes(repository, settings: settings),
            PredictRoutes(repository, settings: settings),
            DocumentRoutes(),
            MetricsRoutes(repository.metrics),
        ]
    }
}

// MARK: Running

extension InferenceServer {
    /// Serves until the task is cancelled or the process gets SIGTERM or SIGINT.
    ///
    /// Then it takes no more connections, is no longer ready, and returns after the answers to the
    /// requests that it has, or after ``Settings/drainTimeout``.
    ///
    /// - Parameters:
    ///   - signals: whether SIGTERM and SIGINT end it.
    ///   - onListening: called once, when clients can connect.
    /// - Throws: a ``ServerStartError`` if an address cannot be listened at, or the files for TLS
    ///   cannot be used.
    public func run(
        handlingSignals signals: Bool = true,
        onListening: @escaping @Sendable (Listening) async -> Void = { _ in }
    ) async throws {
        let ports = ListeningPorts(expectsGRPC: settings.grpcPort != nil, onListening)
        var services: [any Service] = [try http(ports)]
        if let port = settings.grpcPort {
            let grpc = GRPCService(self, port: port) { await ports.set(grpc: $0) }
            services.append(StartingService(service: grpc, host: settings.host, port: port))
        }
        if let interval = settings.pollInterval {
            services.append(RepositoryPoller(repository: repository, interval: interval))
        }
        // Services end from the last to the first: this one before connections are closed.
        services.append(DrainService(health: health))
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: signals ? [.sigterm, .sigint] : [],
            // It logs its services with their settings, the token among them.
            logger: Logger(label: logger.label) { _ in SwiftLogNoOpLogHandler() })
        configuration.maximumGracefulShutdownDuration = settings.drainTimeout
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError {
            // Cancelled, or requests took longer than they may.
            logger.warning("requests were cut off after the time for draining")
        }
    }

    private func http(_ ports: ListeningPorts) throws -> any Service {
        let tls = try settings.tls?.configuration()
        let (settings, metrics) = (settings, httpMetrics)
        let server = HTTPServerBuilder { responder -> any ServerChildChannel in
            let connections = HTTPConnections(settings, metrics: metrics, responder: responder)
            guard let tls else { return connections }
            return try TLSChannel(connections, tlsConfiguration: tls)
        }
        let application = Application(
            router: router(), server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), backlog: 1024),
            onServerRunning: { channel in
                await ports.set(http: channel.localAddress?.port ?? settings.port)
            }, logger: quietLogger)
        return StartingService(service: application, host: settings.host, port: settings.port)
    }

    /// For the packages below, which tell of each connection.
    private var quietLogger: Logger {
        var quiet = logger
        quiet.logLevel = logger.logLevel <= .debug ? logger.logLevel : .critical
        return quiet
    }
}

/// The ports, until all are known.
private final class ListeningPorts: Sendable {
    private struct State {
        var http: Int?
        var grpc: Int?
    }

    private let expectsGRPC: Bool
    private let onListening: @Sendable (InferenceServer.Listening) async -> Void
    private let state = Mutex(State())

    init(
        expectsGRPC: Bool,
        _ onListening: @escaping @Sendable (InferenceServer.Listening) async -> Void
    ) {
        self.expectsGRPC = expectsGRPC
        self.onListening = onListening
    }

    func set(http: Int? = nil, grpc: Int? = nil) async {
        let state = state.withLock { state in
            state.http = http ?? state.http
            state.grpc = grpc ?? state.grpc
            return state
        }
        guard let http = state.http, state.grpc != nil || !expectsGRPC else { return }
        await onListening(InferenceServer.Listening(port: http, grpcPort: state.grpc))
    }
}
#endif
