#if Server
import GRPCCore

/// Refuses calls without the server's token, before their messages are read.
struct TokenInterceptor: ServerInterceptor {
    /// Probes have no token.
    private static let open = Set(
        [
            Inference_GRPCInferenceService.Method.ServerLive.descriptor,
            Inference_GRPCInferenceService.Method.ServerReady.descriptor,
            Grpc_Health_V1_Health.Method.Check.descriptor,
        ].map(\.fullyQualifiedMethod))

    private let token: BearerToken

    init(_ token: BearerToken) {
        self.token = token
    }

    func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingServerRequest<Input>, context: ServerContext,
        next:
            @Sendable (StreamingServerRequest<Input>, ServerContext) async throws ->
            StreamingServerResponse<Output>
    ) async throws -> StreamingServerResponse<Output> {
        let given = request.metadata[stringValues: "authorization"].first { _ in true }
        guard Self.open.contains(context.descriptor.fullyQualifiedMethod) || token.admits(given)
        else {
            throw RPCError(.unauthenticated)
        }
        return try await next(request, context)
    }
}
#endif
