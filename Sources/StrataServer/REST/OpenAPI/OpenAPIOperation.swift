#if Server
import Strata

/// An operation of the HTTP interface: a method of a path.
struct OpenAPIOperation {
    /// A body by its media types; `nil` for bytes that no schema describes.
    typealias Content = [(type: String, schema: String?)]

    let method: String
    let path: String
    let id: String
    let tag: String
    let summary: String
    var parameters: [String] = []
    var body: Content = []
    var isBodyRequired = true
    let answer: Content
    /// The answer with status 503, if it is not the error's.
    var notReady: String?

    var json: JSONValue {
        var json: [String: JSONValue] = [
            "operationId": .string(id), "tags": [.string(tag)], "summary": .string(summary),
            "responses": .object(responses),
        ]
        let names = ["model", "version"].filter { path.contains("{\($0)}") } + parameters
        if !names.isEmpty {
            json["parameters"] = .array(
                names.map { ["$ref": .string("#/components/parameters/\($0)")] })
        }
        if !body.isEmpty {
            json["requestBody"] = [
                "required": .bool(isBodyRequired), "content": Self.content(body),
            ]
        }
        return .object(json)
    }

    private var responses: [String: JSONValue] {
        var responses: [String: JSONValue] = [
            "200": ["description": "It is done.", "content": Self.content(answer)]
        ]
        for (status, _) in OpenAPIDocument.errors {
            responses[status] = ["$ref": .string("#/components/responses/error\(status)")]
        }
        if let notReady {
            responses["503"] = [
                "description": "It is not ready.",
                "content": [
                    "application/json": [
                        "schema": [
                            "anyOf": [
                                OpenAPIDocument.schema(notReady), OpenAPIDocument.schema("Error"),
                            ]
                        ]
                    ]
                ],
            ]
        }
        return responses
    }

    private static func content(_ content: Content) -> JSONValue {
        .object(
            Dictionary(
                uniqueKeysWithValues: content.map { type, name in
                    (type, name.map { ["schema": OpenAPIDocument.schema($0)] } ?? [:])
                }))
    }
}

extension OpenAPIOperation {
    static let all: [OpenAPIOperation] = server + models(version: false) + models(version: true)

    private static func json(_ name: String) -> Content { [("application/json", name)] }

    private static let server: [OpenAPIOperation] = [
        OpenAPIOperation(
            method: "get", path: "/v2", id: "serverMetadata", tag: "server",
            summary: "The name, the version and the extensions of the server.",
            answer: json("ServerMetadata")),
        OpenAPIOperation(
            method: "get", path: "/v2/health/live", id: "serverLive", tag: "server",
            summary: "Whether the server runs.", answer: json("Live")),
        OpenAPIOperation(
            method: "get", path: "/v2/health/ready", id: "serverReady", tag: "server",
            summary: "Whether all models answer requests.", answer: json("Ready"),
            notReady: "Ready"),
        OpenAPIOperation(
            method: "get", path: "/metrics", id: "metrics", tag: "server",
            summary: "The metrics in Prometheus's text format.", answer: [("text/plain", nil)]),
        OpenAPIOperation(
            method: "get", path: "/openapi.json", id: "document", tag: "server",
            summary: "This document.", answer: json("Document")),
        OpenAPIOperation(
            method: "post", path: "/v2/repository/index", id: "repositoryIndex", tag: "repository",
            summary: "All models and versions, loaded or not.",
            body: json("RepositoryIndexRequest"), isBodyRequired: false,
            answer: json("RepositoryIndex")),
        OpenAPIOperation(
            method: "post", path: "/v2/repository/models/{model}/load", id: "loadModel",
            tag: "repository", summary: "Loads a model, or its newer files.",
            body: json("LoadRequest"), isBodyRequired: false, answer: json("Done")),
        OpenAPIOperation(
            method: "post", path: "/v2/repository/models/{model}/unload", id: "unloadModel",
            tag: "repository", summary: "Unloads a model after the requests that were accepted.",
            body: json("UnloadRequest"), isBodyRequired: false, answer: json("Done")),
    ]

    /// The operations of the latest version of a model, or of one that is named.
    private static func models(version: Bool) -> [OpenAPIOperation] {
        let (path, suffix) = version ? ("/versions/{version}", "Version") : ("", "")
        let v2 = "/v2/models/{model}\(path)"
        let v1 = "/v1/models/{model}\(path)"
        return [
            OpenAPIOperation(
                method: "get", path: v2, id: "modelMetadata\(suffix)", tag: "models",
                summary: "What a model takes and gives.", answer: json("ModelMetadata")),
            OpenAPIOperation(
                method: "get", path: "\(v2)/ready", id: "modelReady\(suffix)", tag: "models",
                summary: "Whether a model answers requests.", answer: json("ModelReady"),
                notReady: "ModelReady"),
            OpenAPIOperation(
                method: "post", path: "\(v2)/infer", id: "modelInfer\(suffix)", tag: "models",
                summary: "Predicts for a batch.", parameters: ["jsonLength"],
                body: json("InferenceRequest") + [("application/octet-stream", nil)],
                answer: json("InferenceResponse") + [("application/octet-stream", nil)]),
            OpenAPIOperation(
                method: "post", path: "\(v2)/classify", id: "classify\(suffix)", tag: "pictures",
                summary: "The classes of one JPEG or PNG file, or of several in a form.",
                parameters: ["top"],
                body: [
                    ("image/jpeg", nil), ("image/png", nil), ("application/octet-stream", nil),
                    ("multipart/form-data", "Pictures"),
                ],
                answer: json("Classification")),
            OpenAPIOperation(
                method: "get", path: v1, id: "modelStatus\(suffix)", tag: "tensorflow",
                summary: "The states of a model's versions.", answer: json("VersionStatus")),
            OpenAPIOperation(
                method: "get", path: "\(v1)/metadata", id: "modelSignature\(suffix)",
                tag: "tensorflow", summary: "What a model takes and gives, as a signature.",
                answer: json("SignatureMetadata")),
            OpenAPIOperation(
                method: "post", path: "\(v1):predict", id: "predict\(suffix)", tag: "tensorflow",
                summary: "Predicts for samples in rows (instances) or columns (inputs).",
                body: json("PredictRequest"), answer: json("PredictResponse")),
        ]
    }
}
#endif
