#if Server
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import NIOCore
import ServiceLifecycle

/// The gRPC side of a server, for the group of its services.
struct GRPCService: Service {
    private let server: InferenceServer
    private let port: Int
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// - Parameter onListening: called with the port as soon as clients can connect.
    init(
        _ server: InferenceServer, port: Int,
        onListening: @escaping @Sendable (_ port: Int) async -> Void
    ) {
        self.server = server
        self.port = port
        self.onListening = onListening
    }

    /// Serves until the group shuts down; answers what it has accepted before it returns.
    ///
    /// - Throws: if the address cannot be listened at, or the files for TLS cannot be read.
    func run() async throws {
        let address = try NIOCore.SocketAddress.makeAddressResolvingHost(
            server.settings.host, port: port)
        let transport = HTTP2ServerTransport.Posix(
            address: try GRPCNIOTransportHTTP2Posix.SocketAddress(address, port: port),
            transportSecurity: security, config: configuration)
        let interceptors: [any ServerInterceptor] =
            server.settings.token.map { [TokenInterceptor(BearerToken($0))] } ?? []
        let rpcs = GRPCServer(
            transport: CheckedTransport(transport: transport),
            services: [OpenInferenceService(server), HealthService(health: server.health)],
            interceptors: interceptors)
        try await withGracefulShutdownHandler {
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { try await serve(rpcs) }
                group.addTask {
                    // Throws if the address could not be bound, which `serve` explains.
                    guard let address = try? await transport.listeningAddress else { return }
                    await onListening(address.ipv4?.port ?? address.ipv6?.port ?? port)
                }
            }
        } onGracefulShutdown: {
            server.health.drain()
            rpcs.beginGracefulShutdown()
        }
    }

    private func serve(_ rpcs: GRPCServer<CheckedTransport>) async throws {
        do {
            try await rpcs.serve()
        } catch let error as GRPCCore.RuntimeError {
            // The cause says more: that the port is in use, for example.
            throw error.cause ?? error
        }
    }

    private var security: HTTP2ServerTransport.Posix.TransportSecurity {
        guard let files = server.settings.tls else { return .plaintext }
        return .tls(
            certificateChain: [.file(path: files.certificate, format: .pem)],
            privateKey: .file(path: files.key, format: .pem))
    }

    private var configuration: HTTP2ServerTransport.Posix.Config {
        let settings = server.settings
        let limits = ConnectionLimits(settings)
        return .defaults { config in
            config.rpc.maxRequestPayloadSize = settings.maxBodySize
            // RFC 9113 advises against fewer; each may hold a body in memory.
            config.http2.maxConcurrentStreams = 100
            // A picture in one piece, instead of waiting for the client's next 64 KiB.
            config.http2.targetWindowSize = 1 << 20
            // Idle connections are closed by the limits.
            config.connection.maxIdleTime = nil
            config.connection.maxGraceTime = settings.drainTimeout
            // An answer is one small write; to wait for others would delay it by 0.1 ms.
            config.connection.flushCoalescing = nil
            config.channelDebuggingCallbacks.onAcceptTCPConnection = limits.admit
            config.channelDebuggingCallbacks.onAcceptHTTP2Stream = limits.accept
        }
    }
}

extension GRPCNIOTransportHTTP2Posix.SocketAddress {
    /// An address of NIO's resolver.
    fileprivate init(_ address: NIOCore.SocketAddress, port: Int) throws {
        guard let host = address.ipAddress else { throw SocketAddressError.unsupported }
        switch address {
        case .v4: self = .ipv4(host: host, port: port)
        case .v6: self = .ipv6(host: host, port: port)
        case .unixDomainSocket(let address): self = .unixDomainSocket(path: "\(address)")
        }
    }
}
#endif
