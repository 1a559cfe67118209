#if Server
import GRPCCore
import NIOCore
import NIOHPACK
import NIOHTTP2

/// Answers a message that is too large with RESOURCE_EXHAUSTED, as soon as its length has come.
///
/// The transport's own limit closes the stream without an answer (grpc-swift-nio-transport 2.9.2,
/// `GRPCServerStreamHandler.channelRead`), and the client is told CANCELLED. Stands between the
/// stream and the transport's handler.
final class MessageLimit: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let maxSize: Int
    /// Whether each message is compressed (one byte), and its length (four, big-endian), as far as
    /// they have come.
    private var prefix: [UInt8] = []
    /// How much of the message is to come.
    private var rest = 0
    private var isRejected = false

    /// - Parameter maxSize: of a message, in bytes.
    init(maxSize: Int) {
        self.maxSize = maxSize
        prefix.reserveCapacity(5)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRejected else { return }
        if case .data(let frame) = unwrapInboundIn(data), case .byteBuffer(let buffer) = frame.data,
            let size = firstTooLarge(in: buffer.readableBytesView)
        {
            reject(size, context: context)
        } else {
            context.fireChannelRead(data)
        }
    }

    /// The size of the first message that is too large.
    private func firstTooLarge(in bytes: ByteBufferView) -> Int? {
        var bytes = bytes
        while !bytes.isEmpty {
            let skipped = min(rest, bytes.count)
            bytes = bytes.dropFirst(skipped)
            rest -= skipped
            guard rest == 0 else { break }
            let part = bytes.prefix(5 - prefix.count)
            prefix += part
            bytes = bytes.dropFirst(part.count)
            guard prefix.count == 5 else { break }
            rest = prefix.dropFirst().reduce(0) { $0 << 8 | Int($1) }
            prefix.removeAll(keepingCapacity: true)
            if rest > maxSize { return rest }
        }
        return nil
    }

    private func reject(_ size: Int, context: ChannelHandlerContext) {
        isRejected = true
        let error = RPCError(
            code: .resourceExhausted,
            message: "The message has \(size) bytes; \(maxSize) are the most that this server takes"
        )
        let trailers: HPACKHeaders = [
            ":status": "200", "content-type": "application/grpc",
            "grpc-status": String(error.code.rawValue), "grpc-message": error.message,
        ]
        // An answer before the request has ended is followed by NO_ERROR (RFC 9113, section 8.1).
        context.write(
            wrapOutboundOut(.headers(.init(headers: trailers, endStream: true))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.rstStream(.noError)), promise: nil)
        context.fireErrorCaught(error)
    }
}
#endif
