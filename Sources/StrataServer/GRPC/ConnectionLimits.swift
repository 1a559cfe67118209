#if Server
import NIOCore
import Synchronization

/// What a client of gRPC may hold open: connections, and streams whose request does not end.
final class ConnectionLimits: Sendable {
    private let maxConnections: Int
    private let longestPause: TimeAmount
    private let open = Atomic(0)

    init(_ settings: InferenceServer.Settings) {
        maxConnections = settings.maxConnections
        longestPause = TimeAmount(settings.clientTimeout)
    }

    /// Closes a connection beyond the limit.
    func admit(_ connection: any Channel) -> EventLoopFuture<Void> {
        let count = open.add(1, ordering: .relaxed).newValue
        connection.closeFuture.whenComplete { _ in
            self.open.subtract(1, ordering: .relaxed)
        }
        guard count > maxConnections else { return connection.eventLoop.makeSucceededVoidFuture() }
        return connection.close()
    }

    /// Closes a stream whose client pauses too long within its request.
    func limitPauses(_ stream: any Channel) -> EventLoopFuture<Void> {
        stream.eventLoop.makeCompletedFuture {
            try stream.pipeline.syncOperations.addHandler(PauseHandler(longest: longestPause))
        }
    }
}

/// Stands at the end of a stream's pipeline, where the end of the request is an event.
private final class PauseHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let longest: TimeAmount
    private var lastRead = NIODeadline.now()
    private var check: Scheduled<Void>?

    init(longest: TimeAmount) {
        self.longest = longest
    }

    func handlerAdded(context: ChannelHandlerContext) {
        schedule(context, after: longest)
    }

    private func schedule(_ context: ChannelHandlerContext, after time: TimeAmount) {
        check = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
            let left = self.lastRead + self.longest - .now()
            if left > .zero {
                self.schedule(context, after: left)
            } else {
                context.close(promise: nil)
            }
        }
    }

    private func stop() {
        check?.cancel()
        check = nil
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        lastRead = .now()
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { stop() }
        context.fireUserInboundEventTriggered(event)
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }
}
#endif
