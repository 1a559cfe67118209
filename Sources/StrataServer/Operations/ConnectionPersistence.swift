#if Server
import NIOCore
import NIOHTTP1

/// What RFC 9112 asks of a connection and Hummingbird leaves out.
///
/// A connection ends after the answer where the request does not ask for more (section 9.3), as those of
/// HTTP/1.0 do; a request of HTTP/1.1 names one host (3.2); and what is no request is told why.
final class ConnectionPersistence: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private struct Unanswered {
        let version: HTTPVersion
        var isLast: Bool

        /// Whether its version is older than HTTP/1.1.
        var isOld: Bool { (version.major, version.minor) < (1, 1) }
    }

    private let maxHeaderSize: Int
    /// In the order of their answers.
    private var unanswered: [Unanswered] = []
    private var isReading = false
    /// The answer to what came behind the requests that are answered first.
    private var refusal: (status: HTTPResponseStatus, message: String)?
    /// Whether what comes is not looked at any more.
    private var isDone = false

    init(maxHeaderSize: Int) {
        self.maxHeaderSize = maxHeaderSize
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            let request = Unanswered(version: head.version, isLast: !head.isKeepAlive)
            let hosts = head.headers["host"].count
            guard hosts == 1 || (hosts == 0 && request.isOld) else {
                return refuse(
                    context, .badRequest,
                    "the request has \(hosts) headers Host, but one of HTTP/1.1 has one; name the "
                        + "server's address there")
            }
            isReading = true
            unanswered.append(request)
        case .body: break
        case .end:
            isReading = false
            isDone = unanswered.last?.isLast ?? false
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Within a body, who reads it tells what is wrong.
        guard let error = error as? HTTPParserError, !isReading else {
            return context.fireErrorCaught(error)
        }
        guard !isDone else { return }
        switch error {
        case .headerOverflow:
            refuse(
                context, .requestHeaderFieldsTooLarge,
                "the headers are larger than \(maxHeaderSize) bytes or more than 200; send fewer")
        case .invalidMethod:
            refuse(
                context, .badRequest,
                "what came does not begin with a method of HTTP, such as GET or POST")
        case .invalidVersion:
            refuse(
                context, .httpVersionNotSupported,
                "the request's version is not read; use HTTP/1.1")
        case .invalidContentLength, .unexpectedContentLength:
            refuse(
                context, .badRequest,
                "Content-Length is no number of bytes, or contradicts another header; give it once, "
                    + "without Transfer-Encoding")
        default:
            refuse(
                context, .badRequest,
                "what came is no request of HTTP/1.1; check its first line and its headers")
        }
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.code >= 200:
            context.write(wrapOutboundOut(.head(answering(head))), promise: promise)
        case .head, .body: context.write(data, promise: promise)
        case .end:
            let isLast = unanswered.first?.isLast ?? false
            if !unanswered.isEmpty { unanswered.removeFirst() }
            context.writeAndFlush(data, promise: promise)
            if isLast {
                end(context)
            } else if unanswered.isEmpty {
                writeRefusal(context)
            }
        }
    }

    private func answering(_ head: HTTPResponseHead) -> HTTPResponseHead {
        guard let request = unanswered.first, request.isLast || request.isOld else {
            return head
        }
        var head = head
        if request.isOld {
            head.version = request.version
            // The end of an answer without a length is that of the connection.
            if !head.headers.contains(name: "content-length") { unanswered[0].isLast = true }
        }
        head.headers.replaceOrAdd(
            name: "connection", value: unanswered[0].isLast ? "close" : "keep-alive")
        return head
    }

    private func refuse(
        _ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ message: String
    ) {
        isDone = true
        refusal = (status, message)
        if unanswered.isEmpty { writeRefusal(context) }
    }

    private func writeRefusal(_ context: ChannelHandlerContext) {
        guard let (status, message) = refusal else { return }
        let body = ErrorResponses.body(message)
        let headers: HTTPHeaders = [
            "content-type": "application/json", "content-length": "\(body.readableBytes)",
            "connection": "close",
        ]
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        end(context)
    }

    /// Ends the answers; closed as a whole, the last could be lost on its way.
    private func end(_ context: ChannelHandlerContext) {
        context.close(mode: .output, promise: nil)
    }
}
#endif
