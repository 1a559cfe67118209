#if Server
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import Synchronization

/// How connections of clients are set up: their number, and what each may do, is limited.
struct HTTPConnections: ServerChildChannel {
    /// A connection that was accepted.
    final class Value: ServerChildChannelValue {
        private let http: HTTP1Channel.Value
        private let isHandled = Atomic(false)
        let connection: ClientConnection

        var channel: any Channel { http.channel }

        init(http: HTTP1Channel.Value, connection: ClientConnection) {
            self.http = http
            self.connection = connection
        }

        func take() -> HTTP1Channel.Value {
            isHandled.store(true, ordering: .relaxed)
            return http
        }

        // A server that is cancelled drops what it has not begun to handle, and NIO ends the process
        // if that was not closed.
        deinit {
            guard !isHandled.load(ordering: .relaxed) else { return }
            Task { [http] in try? await http.executeThenClose { _, _ in } }
        }
    }

    private let responder: HTTPChannelHandler.Responder
    private let settings: InferenceServer.Settings
    private let count: ConnectionCount

    init(
        _ settings: InferenceServer.Settings, metrics: HTTPMetrics,
        responder: @escaping HTTPChannelHandler.Responder
    ) {
        self.responder = responder
        self.settings = settings
        count = ConnectionCount(max: settings.maxConnections, metrics: metrics)
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let connection = ClientConnection()
        return http(connection).setup(channel: channel, logger: logger).flatMapThrowing {
            let pipeline = channel.pipeline.syncOperations
            // Behind the codec, the version of a request is lost.
            try pipeline.addHandler(
                ConnectionPersistence(maxHeaderSize: settings.maxHeaderSize),
                position: .before(pipeline.handler(type: HTTP1ToHTTPServerCodec.self)))
            return Value(http: $0, connection: connection)
        }
    }

    func handle(value: Value, logger: Logger) async {
        await ClientConnection.$current.withValue(value.connection) {
            await http(value.connection).handle(value: value.take(), logger: logger)
        }
    }

    private func http(_ connection: ClientConnection) -> HTTP1Channel {
        HTTP1Channel(
            responder: responder,
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [ClientLimits(settings, count, connection)],
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: settings.maxHeaderSize,
                    maxHeaderListSize: settings.maxHeaderSize, maxHeaderFieldCount: 200)))
    }
}

/// The number of open connections.
final class ConnectionCount: Sendable {
    private let max: Int
    private let metrics: HTTPMetrics
    private let open = Atomic(0)

    init(max: Int, metrics: HTTPMetrics) {
        self.max = max
        self.metrics = metrics
    }

    /// Counts a connection; `false` if it is one too many.
    func enter() -> Bool {
        let count = open.add(1, ordering: .relaxed).newValue
        metrics.record(connections: count)
        return count <= max
    }

    func leave() {
        metrics.record(connections: open.subtract(1, ordering: .relaxed).newValue)
    }
}
#endif
