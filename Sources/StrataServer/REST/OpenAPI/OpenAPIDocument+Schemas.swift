#if Server
import Strata

extension OpenAPIDocument {
    static let schemas: [String: JSONValue] =
        serverSchemas.merging(inferenceSchemas) { $1 }.merging(tensorFlowSchemas) { $1 }

    private static let string: JSONValue = ["type": "string"]
    private static let integer: JSONValue = ["type": "integer"]
    private static let boolean: JSONValue = ["type": "boolean"]
    private static let number: JSONValue = ["type": "number"]
    private static let anyObject: JSONValue = ["type": "object"]

    private static func array(_ items: JSONValue) -> JSONValue {
        ["type": "array", "items": items]
    }

    /// - Parameter required: the members that are always there; all if left out.
    private static func object(
        _ properties: [String: JSONValue], required: [String]? = nil
    ) -> JSONValue {
        let required = required ?? properties.keys.sorted()
        return [
            "type": "object", "properties": .object(properties),
            "required": .array(required.map { .string($0) }),
        ]
    }

    /// An object of these members, any of which may be missing, and no others.
    private static func closed(_ properties: [String: JSONValue]) -> JSONValue {
        [
            "type": "object", "properties": .object(properties),
            "additionalProperties": false,
        ]
    }

    /// Clients write null for what they leave out.
    private static func orNull(_ schema: JSONValue) -> JSONValue {
        ["anyOf": [schema, ["type": "null"]]]
    }

    private static func constant(_ values: [String]) -> JSONValue {
        ["type": "string", "enum": .array(values.map { .string($0) })]
    }

    private static let serverSchemas: [String: JSONValue] = [
        "Error": object(["error": string]),
        "Document": object(["openapi": string, "info": anyObject, "paths": anyObject]),
        "ServerMetadata": object([
            "name": string, "version": string, "extensions": array(string),
        ]),
        "Live": object(["live": boolean]),
        "Ready": object(["ready": boolean]),
        "Done": anyObject,
        "ModelReady": object(["name": string, "ready": boolean]),
        "ModelMetadata": object([
            "name": string, "versions": array(string), "platform": string,
            "inputs": array(schema("TensorMetadata")), "outputs": array(schema("TensorMetadata")),
        ]),
        "TensorMetadata": object([
            "name": string, "datatype": schema("Datatype"), "shape": array(integer),
        ]),
        "RepositoryIndexRequest": object(["ready": boolean], required: []),
        "RepositoryIndex": array(
            object([
                "name": string, "version": string, "reason": string,
                "state": constant(["UNAVAILABLE", "LOADING", "READY", "UNLOADING"]),
            ])),
        "LoadRequest": object(["parameters": closed([:])], required: []),
        "UnloadRequest": object(
            ["parameters": closed(["unload_dependents": boolean])], required: []),
    ]

    private static let inferenceSchemas: [String: JSONValue] = [
        "Datatype": constant(InferenceDatatype.allCases.map(\.rawValue)),
        "Parameters": [
            "type": "object",
            "additionalProperties": ["type": ["boolean", "number", "string", "null"]],
        ],
        "Data": [
            "type": "array", "description": "The elements, flat or nested as the shape.",
            "items": true,
        ],
        "InferenceRequest": object(
            [
                "id": orNull(string), "parameters": orNull(schema("Parameters")),
                "inputs": array(schema("RequestInput")),
                "outputs": orNull(array(schema("RequestOutput"))),
            ], required: ["inputs"]),
        "RequestInput": object(
            [
                "name": string, "datatype": schema("Datatype"),
                "shape": array(["type": "integer", "minimum": 0]),
                "parameters": orNull(schema("Parameters")), "data": schema("Data"),
            ], required: ["name", "datatype", "shape"]),
        "RequestOutput": object(
            ["name": string, "parameters": orNull(schema("Parameters"))], required: ["name"]),
        "InferenceResponse": object(
            [
                "model_name": string, "model_version": string, "id": string,
                "outputs": array(schema("ResponseOutput")),
            ], required: ["model_name", "model_version", "outputs"]),
        "ResponseOutput": object(
            [
                "name": string, "datatype": schema("Datatype"), "shape": array(integer),
                "parameters": schema("Parameters"), "data": schema("Data"),
            ], required: ["name", "datatype", "shape"]),
        "Pictures": [
            "type": "object", "minProperties": 1,
            "additionalProperties": ["type": "string", "contentMediaType": "image/*"],
        ],
        "Classification": object([
            "model_name": string, "model_version": string,
            "pictures": array(
                object([
                    "name": string,
                    "classes": array(
                        object(["index": integer, "label": string, "probability": number])),
                ])),
        ]),
    ]

    private static let tensorFlowSchemas: [String: JSONValue] = [
        "VersionStatus": object([
            "model_version_status": array(
                object([
                    "version": string, "state": constant(["AVAILABLE"]),
                    "status": object(["error_code": string, "error_message": string]),
                ]))
        ]),
        "SignatureMetadata": object([
            "model_spec": object([
                "name": string, "signature_name": string, "version": string,
            ]),
            "metadata": object(["signature_def": anyObject]),
        ]),
        "PredictRequest": [
            "type": "object",
            "properties": [
                "signature_name": string,
                "instances": [
                    "type": "array", "items": true,
                    "description": "The samples: the value of the only input, or an object of all.",
                ],
                "inputs": [
                    "type": ["array", "object"],
                    "description": "The tensor of the only input, or an object of all.",
                ],
            ],
            "oneOf": [["required": ["instances"]], ["required": ["inputs"]]],
        ],
        "PredictResponse": [
            "type": "object",
            "properties": ["predictions": array(true), "outputs": true],
            "oneOf": [["required": ["predictions"]], ["required": ["outputs"]]],
        ],
    ]
}
#endif
