#if Server
import HTTPTypes
package import Hummingbird
import NIOCore
import Strata

/// The Open Inference Protocol over HTTP, under `/v2`.
package struct OpenInferenceRoutes: RouteGroup {
    /// Of Triton's extensions.
    static let extensions = ["binary_tensor_data", "classification", "model_repository"]

    let repository: ModelRepository
    let health: Health
    let settings: InferenceServer.Settings

    package init(
        _ repository: ModelRepository, health: Health, settings: InferenceServer.Settings
    ) {
        self.repository = repository
        self.health = health
        self.settings = settings
    }

    package func addRoutes(to router: Router<ServerRequestContext>) {
        router.get("v2") { _, _ in try serverMetadata() }
        router.get("v2/health/live") { _, _ in Response.json(.ok, ["live": true]) }
        router.get("v2/health/ready") { _, _ in
            let isReady = health.isReady
            return Response.json(isReady ? .ok : .serviceUnavailable, ["ready": .bool(isReady)])
        }
        for path: RouterPath in ["v2/models/{model}", "v2/models/{model}/versions/{version}"] {
            router.get(path) { _, context in try metadata(context) }
            router.get("\(path)/ready") { _, context in try ready(context) }
            router.post("\(path)/infer") { request, context in
                try await infer(request, context)
            }
        }
    }

    private func serverMetadata() throws -> Response {
        .json(
            .ok,
            [
                "name": "strata", "version": .string(strataVersion),
                "extensions": .array(Self.extensions.map { .string($0) }),
            ])
    }

    private func metadata(_ context: ServerRequestContext) throws -> Response {
        let metadata = try repository.metadata(
            try context.parameter("model"), version: try context.version)
        return .json(.ok, metadata.json)
    }

    private func ready(_ context: ServerRequestContext) throws -> Response {
        let model = try repository.model(
            try context.parameter("model"), version: try context.version)
        let isReady = !health.isDraining
        return .json(
            isReady ? .ok : .serviceUnavailable,
            ["name": .string(model.name), "ready": .bool(isReady)])
    }

    private func infer(
        _ request: Request, _ context: ServerRequestContext
    ) async throws -> Response {
        let model = try repository.model(
            try context.parameter("model"), version: try context.version)
        let jsonLength = try request.headers[.inferenceHeaderContentLength].map {
            text throws(ServingError) in
            guard let length = Int(text), length >= 0 else {
                throw ServingError(
                    .invalidArgument,
                    "Inference-Header-Content-Length is \(quoted(text)), but it is the number of "
                        + "bytes of the JSON")
            }
            return length
        }
        let body = try await request.jsonBody(
            limit: settings.maxBodySize, others: ["application/octet-stream"])
        let inference = try OpenInferenceRequest(
            body, jsonLength: jsonLength, maxDepth: settings.maxJSONDepth)
        let answer = try await model.respond(
            to: inference.request, maxPixels: settings.maxPixels)
        return try answer.response(to: inference)
    }
}

extension ModelMetadata {
    var json: JSONValue {
        [
            "name": .string(name), "platform": .string(Self.platform),
            "versions": .array(versions.map { .string($0) }),
            "inputs": .array(inputs.map(\.json)), "outputs": .array(outputs.map(\.json)),
        ]
    }
}

extension ModelMetadata.TensorMetadata {
    fileprivate var json: JSONValue {
        [
            "name": .string(name), "datatype": .string(datatype.rawValue),
            "shape": .array(shape.map { .integer($0) }),
        ]
    }
}

extension Response {
    static func json(_ status: HTTPResponse.Status, _ value: JSONValue) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(string: value.text)))
    }
}
#endif
