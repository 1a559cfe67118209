#if Server
import GRPCCore
import SwiftProtobuf

/// gRPC's own health check, for those who probe any service by it.
struct HealthService: Grpc_Health_V1_Health.SimpleServiceProtocol {
    let health: Health

    func check(
        request: Grpc_Health_V1_HealthCheckRequest, context: ServerContext
    ) async throws -> Grpc_Health_V1_HealthCheckResponse {
        // The empty name is the server as a whole.
        let known = ["", Inference_GRPCInferenceService.descriptor.fullyQualifiedService]
        guard known.contains(request.service) else {
            throw RPCError(
                code: .notFound, message: "there is no service \(quoted(request.service))")
        }
        return .with { $0.status = health.isReady ? .serving : .notServing }
    }
}
#endif
