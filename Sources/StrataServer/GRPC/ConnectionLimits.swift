#if Server
import NIOCore
import Synchronization

/// What a client of gRPC may hold open: connections, streams whose request does not end, and bytes.
final class ConnectionLimits: Sendable {
    private let maxConnections: Int
    private let longestPause: TimeAmount
    private let longestIdleTime: TimeAmount
    private let maxMessageSize: Int
    private let open = Atomic(0)

    init(_ settings: InferenceServer.Settings) {
        maxConnections = settings.maxConnections
        longestPause = TimeAmount(settings.clientTimeout)
        longestIdleTime = TimeAmount(settings.idleTimeout)
        maxMessageSize = settings.maxBodySize
    }

    /// Closes a connection beyond the limit, and one without streams after a while.
    func admit(_ connection: any Channel) -> EventLoopFuture<Void> {
        let count = open.add(1, ordering: .relaxed).newValue
        connection.closeFuture.whenComplete { _ in
            self.open.subtract(1, ordering: .relaxed)
        }
        guard count <= maxConnections else { return connection.close() }
        return connection.eventLoop.makeCompletedFuture {
            try connection.pipeline.syncOperations.addHandler(IdleHandler(longest: longestIdleTime))
        }
    }

    /// Closes a stream whose client pauses too long within its request, or whose message is too large.
    func accept(_ stream: any Channel) -> EventLoopFuture<Void> {
        stream.eventLoop.makeCompletedFuture {
            let connection = try stream.parent?.pipeline.syncOperations.handler(
                type: IdleHandler.self)
            connection?.streamOpened()
            stream.closeFuture.assumeIsolated().whenComplete { _ in connection?.streamClosed() }
            try stream.pipeline.syncOperations.addHandler(PauseHandler(longest: longestPause))
            try stream.pipeline.syncOperations.addHandler(
                MessageLimit(maxSize: maxMessageSize), position: .first)
        }
    }
}

extension TimeAmount {
    /// How long a client has to finish what it has begun when the server is to end.
    static let farewell = TimeAmount.seconds(1)
}

/// Closes a channel when its time is over.
private final class ClosingTimer {
    private var check: Scheduled<Void>?

    /// - Parameter left: the time that is left.
    func start(_ context: ChannelHandlerContext, left: @escaping () -> TimeAmount) {
        check = context.eventLoop.assumeIsolated().scheduleTask(in: left()) {
            if left() > .zero {
                self.start(context, left: left)
            } else {
                context.close(promise: nil)
            }
        }
    }

    func stop() {
        check?.cancel()
        check = nil
    }
}

/// Closes a connection that has had no stream for a while.
///
/// The transport's `maxIdleTime` would do that, but its timer and its handler hold each other after the end
/// (grpc-swift-nio-transport 2.9.2, `channelInactive`).
private final class IdleHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private var longest: TimeAmount
    private var streamCount = 0
    private var idleSince = NIODeadline.now()
    private let timer = ClosingTimer()

    init(longest: TimeAmount) {
        self.longest = longest
    }

    func streamOpened() { streamCount += 1 }

    func streamClosed() {
        streamCount -= 1
        idleSince = .now()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        timer.start(context) { [unowned self] in
            streamCount > 0 ? longest : idleSince + longest - .now()
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            // Before the transport closes, it waits for the client to answer a ping, which a client that
            // hangs does not.
            longest = .farewell
            idleSince = .now()
            timer.stop()
            handlerAdded(context: context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer.stop() }

    func channelInactive(context: ChannelHandlerContext) {
        timer.stop()
        // A connection that closes while it reads, as for a frame against the protocol, keeps its
        // streams until the read is complete, and they keep it (swift-nio-http2 1.46.0,
        // `HTTP2CommonInboundStreamMultiplexer.didReadChannels`).
        context.pipeline.syncOperations.fireChannelReadComplete()
        context.fireChannelInactive()
    }
}

/// Stands at the end of a stream's pipeline, where the end of the request is an event.
private final class PauseHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let longest: TimeAmount
    private var isWhole = false
    private var lastRead = NIODeadline.now()
    private let timer = ClosingTimer()

    init(longest: TimeAmount) {
        self.longest = longest
    }

    func handlerAdded(context: ChannelHandlerContext) {
        timer.start(context) { [unowned self] in lastRead + longest - .now() }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        lastRead = .now()
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event {
            isWhole = true
            timer.stop()
        }
        if event is ChannelShouldQuiesceEvent, !isWhole {
            let end = NIODeadline.now() + .farewell
            timer.stop()
            timer.start(context) { end - .now() }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer.stop() }

    func channelInactive(context: ChannelHandlerContext) {
        timer.stop()
        context.fireChannelInactive()
    }
}
#endif
