#if Server
import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// The transport without what ends the process.
///
/// GRPCCore takes any whole number for the amount of the header `grpc-timeout`, and traps if it is
/// negative. Such a time-out is left out here, as others are that cannot be read.
struct CheckedTransport: ServerTransport {
    typealias Bytes = HTTP2ServerTransport.Posix.Bytes

    let transport: HTTP2ServerTransport.Posix

    func configure(context: GRPCServerContext) {
        transport.configure(context: context)
    }

    func listen(
        streamHandler:
            @escaping @Sendable (RPCStream<Inbound, Outbound>, ServerContext) async ->
            Void
    ) async throws {
        try await transport.listen { stream, context in
            let checked = RPCStream(
                descriptor: stream.descriptor,
                inbound: RPCAsyncSequence(wrapping: stream.inbound.map { Self.checked($0) }),
                outbound: stream.outbound)
            await streamHandler(checked, context)
        }
    }

    func beginGracefulShutdown() {
        transport.beginGracefulShutdown()
    }

    static func checked<Part>(_ part: RPCRequestPart<Part>) -> RPCRequestPart<Part> {
        guard case .metadata(var metadata) = part else { return part }
        let timeouts = metadata[stringValues: "grpc-timeout"]
        guard timeouts.contains(where: { !isTimeout($0) }) else { return part }
        metadata.removeAllValues(forKey: "grpc-timeout")
        return .metadata(metadata)
    }

    /// Whether a value is digits and a letter.
    private static func isTimeout(_ value: String) -> Bool {
        value.utf8.count >= 2
            && value.utf8.dropLast().allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= $0 }
    }
}
#endif
