#if Server
import HTTPTypes
package import Hummingbird
import NIOCore
import Strata

/// Triton's extension `model_repository`: the index, and loading and unloading of models.
package struct RepositoryRoutes: RouteGroup {
    private let repository: ModelRepository
    private let settings: InferenceServer.Settings

    package init(_ repository: ModelRepository, settings: InferenceServer.Settings) {
        self.repository = repository
        self.settings = settings
    }

    package func addRoutes(to router: Router<ServerRequestContext>) {
        router.post("v2/repository/index") { request, _ in
            var onlyReady = false
            try read(try await request.jsonBody(limit: settings.maxBodySize)) {
                reader, name throws(ServingError) in
                if name == "ready" {
                    onlyReady = try reader.bool("ready")
                } else {
                    try reader.skip()
                }
            }
            return Response.json(
                .ok, .array(repository.index(onlyReady: onlyReady).map(\.json)))
        }
        router.post("v2/repository/models/{model}/load") { request, context in
            try await control(request, context, ignoring: []) { try await repository.load($0) }
        }
        router.post("v2/repository/models/{model}/unload") { request, context in
            // Nothing depends on a model: there are no ensembles.
            try await control(request, context, ignoring: ["unload_dependents"]) {
                try await repository.unload($0)
            }
        }
    }

    /// - Parameter ignoring: boolean parameters that change nothing.
    private func control(
        _ request: Request, _ context: ServerRequestContext, ignoring: [String],
        _ change: (String) async throws -> Void
    ) async throws -> Response {
        guard settings.allowsModelControl else {
            throw ServingError(
                .permissionDenied,
                "models are not loaded and unloaded by clients here; start the server with "
                    + "--model-control to allow it")
        }
        try read(try await request.jsonBody(limit: settings.maxBodySize)) {
            reader, name throws(ServingError) in
            guard name == "parameters" else { return try reader.skip() }
            try reader.object("parameters") { reader, parameter throws(ServingError) in
                guard ignoring.contains(parameter) else {
                    throw ServingError(
                        .invalidArgument,
                        "the parameter \(quoted(parameter)) is not taken: a model is loaded as it "
                            + "is in the repository")
                }
                _ = try reader.bool("the parameter \(parameter)")
            }
        }
        try await change(try context.parameter("model"))
        return .json(.ok, [:])
    }

    /// Reads the object of a body, which may be empty.
    private func read(
        _ body: ByteBuffer,
        _ member: (inout JSONReader, _ name: String) throws(ServingError) -> Void
    ) throws(ServingError) {
        if body.readableBytes == 0 { return }
        try body.json(maxDepth: settings.maxJSONDepth) { reader throws(ServingError) in
            try reader.object("the request", member)
        }
    }
}

extension ModelRepository.IndexEntry {
    fileprivate var json: JSONValue {
        [
            "name": .string(name), "version": .string(version), "state": .string(state.rawValue),
            "reason": .string(reason),
        ]
    }
}
#endif
