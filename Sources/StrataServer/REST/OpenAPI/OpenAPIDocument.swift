#if Server
import Strata

/// The description of the server's HTTP interface, by OpenAPI 3.1.
enum OpenAPIDocument {
    /// The whole document.
    static let json: JSONValue = [
        "openapi": "3.1.0",
        "info": [
            "title": "Strata", "version": .string(strataVersion),
            "summary": "Predictions of CNNs over HTTP.",
            "description": .string(
                "The Open Inference Protocol v2 with Triton's extensions, TensorFlow Serving's REST "
                    + "protocol, and pictures in with classes out."),
            "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
        ],
        "servers": [["url": "/"]],
        "security": [[:], ["token": []]],
        "tags": .array(
            tags.map { ["name": .string($0.name), "description": .string($0.description)] }),
        "paths": .object(paths),
        "components": [
            "schemas": .object(schemas),
            "responses": .object(errorResponses),
            "parameters": .object(parameters),
            "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
        ],
    ]

    private static let tags: [(name: String, description: String)] = [
        ("server", "The server itself."),
        ("models", "The Open Inference Protocol v2."),
        ("pictures", "Pictures in, classes with probabilities out."),
        ("repository", "Triton's extension model_repository."),
        ("tensorflow", "The REST protocol of TensorFlow Serving."),
    ]

    /// All paths; those of operations of one path together.
    private static let paths: [String: JSONValue] = {
        var paths: [String: JSONValue] = [:]
        for operation in OpenAPIOperation.all {
            var members: [String: JSONValue] = [:]
            if case .object(let others)? = paths[operation.path] { members = others }
            members[operation.method] = operation.json
            paths[operation.path] = .object(members)
        }
        return paths
    }()

    private static let parameters: [String: JSONValue] = [
        "model": parameter("model", "The name of a model."),
        "version": parameter("version", "The version of a model: a whole number."),
        "top": [
            "name": "top", "in": "query", "description": "How many classes are answered.",
            "schema": ["type": "integer", "minimum": 1, "default": 3],
        ],
        "jsonLength": [
            "name": "Inference-Header-Content-Length", "in": "header",
            "description": "The bytes of JSON at the start of the body; binary tensors follow.",
            "schema": ["type": "integer", "minimum": 0],
        ],
    ]

    private static func parameter(_ name: String, _ description: String) -> JSONValue {
        [
            "name": .string(name), "in": "path", "required": true,
            "description": .string(description), "schema": ["type": "string", "minLength": 1],
        ]
    }

    /// The statuses of errors and when they come.
    static let errors: [(status: String, description: String)] = [
        ("400", "The request is wrong; the error says what came, what is expected and the cure."),
        ("401", "The bearer token is missing or wrong."),
        ("403", "It is not allowed: the host, the origin, or loading and unloading."),
        ("404", "There is no such model, version or path."),
        ("405", "The path is for other methods, which Allow names."),
        ("408", "The request waited longer than its timeout, or the body came too slowly."),
        ("413", "The body or the pictures are too large."),
        ("415", "The body is of a type, or in an encoding, that is not read."),
        ("429", "Too many requests wait; try again after Retry-After."),
        ("500", "The server failed; its log says why."),
        ("503", "The model is not loaded, or the server is about to end."),
    ]

    private static let errorResponses: [String: JSONValue] = Dictionary(
        uniqueKeysWithValues: errors.map { status, description in
            (
                "error\(status)",
                [
                    "description": .string(description),
                    "content": ["application/json": ["schema": schema("Error")]],
                ]
            )
        })

    /// A reference to a schema of the components.
    static func schema(_ name: String) -> JSONValue {
        ["$ref": .string("#/components/schemas/\(name)")]
    }
}
#endif
