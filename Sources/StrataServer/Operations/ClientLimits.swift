#if Server
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Closes the connections of clients that are too many, too slow or send too much, and tells when a
/// client has gone.
///
/// A client has the time-out for the headers of its first request, and for each further 16 KiB of a
/// body; and must take some of an answer within it. A later request may come until the idle time-out.
/// Once the server is to end, a request that has begun has a second to become whole.
final class ClientLimits: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private static let progress = 16 << 10
    /// How long a client whose body is too large has to read why.
    private static let refusalTime = TimeAmount.seconds(1)

    private let maxBodySize: Int
    private let clientTimeout: TimeAmount
    private let idleTimeout: TimeAmount
    private let count: ConnectionCount
    private let connection: ClientConnection
    private var isCounted = false

    /// When the client is too slow; `nil` while it is the server's turn.
    private var deadline: NIODeadline?
    private var check: Scheduled<Void>?
    private var isReadingBody = false
    /// The requests that have begun and are not answered to the end; they are answered in order.
    private var unansweredCount = 0
    /// Whether the server is to end.
    private var isEnding = false
    /// Whether what comes is of a request that began after that, and is not read.
    private var isRefusing = false
    private var bodySize = 0
    private var bytesSinceProgress = 0
    /// Of the answer, at the last check.
    private var unsentBytes = 0
    private var stalledSince: NIODeadline?

    init(
        _ settings: InferenceServer.Settings, _ count: ConnectionCount,
        _ connection: ClientConnection
    ) {
        maxBodySize = settings.maxBodySize
        clientTimeout = TimeAmount(settings.clientTimeout)
        idleTimeout = TimeAmount(settings.idleTimeout)
        self.count = count
        self.connection = connection
    }

    // MARK: The connection

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard !isCounted else { return }
        isCounted = true
        guard count.enter() else { return context.close(promise: nil) }
        deadline = .now() + clientTimeout
        checkLater(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    private func end() {
        check?.cancel()
        check = nil
        if isCounted { count.leave() }
        isCounted = false
        connection.close()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Who closes its side does not wait for an answer.
        if case ChannelEvent.inputClosed = event { connection.close() }
        // Hummingbird closes what waits for a request, and the others after their last answer.
        if event is ChannelShouldQuiesceEvent {
            isEnding = true
            if isReadingBody { checkLater(context, after: .farewell) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Requests and answers

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            isRefusing = isEnding
            guard !isRefusing else { return }
            read(head, context)
        case _ where isRefusing: return
        case .body(let bytes):
            bodySize += bytes.readableBytes
            // The rest of a body that nobody wants.
            if unansweredCount == 0, bodySize > maxBodySize { return }
            bytesSinceProgress += bytes.readableBytes
            if bytesSinceProgress >= Self.progress {
                bytesSinceProgress = 0
                deadline = .now() + clientTimeout
            }
        case .end:
            isReadingBody = false
            deadline = unansweredCount == 0 ? .now() + idleTimeout : nil
        }
        context.fireChannelRead(data)
    }

    private func read(_ head: HTTPRequest, _ context: ChannelHandlerContext) {
        isReadingBody = true
        unansweredCount += 1
        bytesSinceProgress = 0
        deadline = .now() + clientTimeout
        bodySize = 0
        let length = head.headerFields[.contentLength].flatMap { Int($0) } ?? 0
        if length > maxBodySize {
            bodySize = length
        } else if head.headerFields[.expect]?.lowercased() == "100-continue" {
            context.writeAndFlush(
                wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else {
            return context.write(data, promise: promise)
        }
        unansweredCount -= 1
        if isReadingBody {
            deadline = .now() + clientTimeout
        } else {
            deadline = unansweredCount == 0 ? .now() + idleTimeout : nil
        }
        context.write(data, promise: promise)
        guard isReadingBody else { return }
        if unansweredCount == 0, bodySize > maxBodySize {
            // Closed at once, the answer could be lost on its way.
            deadline = .now() + Self.refusalTime
            checkLater(context, after: Self.refusalTime)
        } else if isEnding {
            checkLater(context, after: .farewell)
        }
    }

    // MARK: Checks

    private func checkLater(_ context: ChannelHandlerContext, after time: TimeAmount? = nil) {
        check?.cancel()
        let time = time ?? .nanoseconds(max(clientTimeout.nanoseconds / 4, 1_000_000))
        check = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
            self.check(context)
        }
    }

    private func check(_ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        let unsent = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        if unsent == 0 || unsent != unsentBytes {
            stalledSince = unsent == 0 ? nil : now
        }
        unsentBytes = unsent
        let isStalled = stalledSince.map { now - $0 >= clientTimeout } ?? false
        // While the server ends, a check comes no sooner than the rest of a request must.
        let isLate = isEnding && isReadingBody && unansweredCount <= 1
        if isStalled || isLate || (deadline.map { now >= $0 } ?? false) {
            context.close(promise: nil)
        } else {
            checkLater(context)
        }
    }
}
#endif
