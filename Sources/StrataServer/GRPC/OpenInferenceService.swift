#if Server
import GRPCCore
import Logging
import Strata
import SwiftProtobuf

/// The Open Inference Protocol over gRPC, and Triton's model repository.
struct OpenInferenceService: Inference_GRPCInferenceService.SimpleServiceProtocol {
    /// Of Triton's extensions.
    private static let extensions = ["classification", "model_repository"]

    private let repository: ModelRepository
    private let health: Health
    private let settings: InferenceServer.Settings
    private let logger: Logger

    init(_ server: InferenceServer) {
        repository = server.repository
        health = server.health
        settings = server.settings
        logger = server.logger
    }

    /// Answers; a ``ServingError`` becomes a status with the same words.
    private func answer<Answer: Sendable>(
        _ context: ServerContext, _ body: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await body()
        } catch let error as ServingError {
            throw RPCError(error)
        } catch is CancellationError {
            throw RPCError(code: .cancelled, message: "the request was cancelled")
        } catch {
            logger.error(
                "a request failed",
                metadata: ["method": "\(context.descriptor.method)", "error": "\(error)"])
            throw RPCError(code: .internalError, message: "the server failed; its log says why")
        }
    }

    // MARK: Health and metadata

    func serverLive(
        request: Inference_ServerLiveRequest, context: ServerContext
    ) async throws -> Inference_ServerLiveResponse {
        .with { $0.live = true }
    }

    func serverReady(
        request: Inference_ServerReadyRequest, context: ServerContext
    ) async throws -> Inference_ServerReadyResponse {
        .with { $0.ready = health.isReady }
    }

    func modelReady(
        request: Inference_ModelReadyRequest, context: ServerContext
    ) async throws -> Inference_ModelReadyResponse {
        try await answer(context) {
            do {
                _ = try repository.model(request.name, version: request.version.nonEmpty)
                return .with { $0.ready = true }
            } catch let error as ServingError where error.status == .unavailable {
                return .with { $0.ready = false }
            }
        }
    }

    func serverMetadata(
        request: Inference_ServerMetadataRequest, context: ServerContext
    ) async throws -> Inference_ServerMetadataResponse {
        .with {
            $0.name = "strata"
            $0.version = strataVersion
            $0.extensions = Self.extensions
        }
    }

    func modelMetadata(
        request: Inference_ModelMetadataRequest, context: ServerContext
    ) async throws -> Inference_ModelMetadataResponse {
        try await answer(context) {
            let metadata = try repository.metadata(
                request.name, version: request.version.nonEmpty)
            return .with {
                $0.name = metadata.name
                $0.versions = metadata.versions
                $0.platform = ModelMetadata.platform
                $0.inputs = metadata.inputs.map { .init($0) }
                $0.outputs = metadata.outputs.map { .init($0) }
            }
        }
    }

    // MARK: Inference

    func modelInfer(
        request: Inference_ModelInferRequest, context: ServerContext
    ) async throws -> Inference_ModelInferResponse {
        try await answer(context) {
            let model = try repository.model(
                request.modelName, version: request.modelVersion.nonEmpty)
            let isRaw = !request.rawInputContents.isEmpty
            let inferenceRequest = try InferenceRequest(request)
            let task = Task {
                try await model.respond(to: inferenceRequest, maxPixels: settings.maxPixels)
            }
            let response = try await withRPCCancellationHandler {
                try await withTaskCancellationHandler {
                    try await task.value
                } onCancel: {
                    task.cancel()
                }
            } onCancelRPC: {
                // The transport also cancels when the server is about to end, but what was
                // accepted is answered then.
                if !health.isDraining { task.cancel() }
            }
            return Inference_ModelInferResponse(response, isRaw: isRaw)
        }
    }

    // MARK: Model repository

    func repositoryIndex(
        request: Inference_RepositoryIndexRequest, context: ServerContext
    ) async throws -> Inference_RepositoryIndexResponse {
        .with {
            $0.models = repository.index(onlyReady: request.ready).map { entry in
                .with {
                    $0.name = entry.name
                    $0.version = entry.version
                    $0.state = entry.state.rawValue
                    $0.reason = entry.reason
                }
            }
        }
    }

    func repositoryModelLoad(
        request: Inference_RepositoryModelLoadRequest, context: ServerContext
    ) async throws -> Inference_RepositoryModelLoadResponse {
        try await answer(context) {
            try checkControl(request.parameters.keys, ignoring: [])
            try await repository.load(request.modelName)
            return .init()
        }
    }

    func repositoryModelUnload(
        request: Inference_RepositoryModelUnloadRequest, context: ServerContext
    ) async throws -> Inference_RepositoryModelUnloadResponse {
        try await answer(context) {
            // Nothing depends on a model: there are no ensembles.
            try checkControl(request.parameters.keys, ignoring: ["unload_dependents"])
            try await repository.unload(request.modelName)
            return .init()
        }
    }

    /// - Parameter ignoring: parameters that change nothing.
    private func checkControl(
        _ parameters: some Sequence<String>, ignoring: [String]
    ) throws(ServingError) {
        guard settings.allowsModelControl else {
            throw ServingError(
                .permissionDenied,
                "models are not loaded and unloaded by clients here; start the server with "
                    + "--model-control to allow it")
        }
        if let parameter = parameters.first(where: { !ignoring.contains($0) }) {
            throw ServingError(
                .invalidArgument,
                "the parameter \(quoted(parameter)) is not taken: a model is loaded as it is in "
                    + "the repository")
        }
    }
}

extension String {
    /// `nil` for what gRPC has in place of a text that was left out.
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
#endif
