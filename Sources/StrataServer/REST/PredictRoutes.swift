#if Server
import HTTPTypes
package import Hummingbird
import NIOCore
import Strata

/// The REST protocol of TensorFlow Serving, under `/v1`: status, metadata and `:predict`.
package struct PredictRoutes: RouteGroup {
    private let repository: ModelRepository
    private let settings: InferenceServer.Settings

    package init(_ repository: ModelRepository, settings: InferenceServer.Settings) {
        self.repository = repository
        self.settings = settings
    }

    package func addRoutes(to router: Router<ServerRequestContext>) {
        for path: RouterPath in ["v1/models/{model}", "v1/models/{model}/versions/{version}"] {
            router.get(path) { request, context in
                if request.uri.path.hasSuffix(":predict") {
                    return ErrorResponses.response(
                        .methodNotAllowed, ":predict takes its samples in a body; use POST",
                        headers: [.allow: "POST"])
                }
                return try status(context)
            }
            router.get("\(path)/metadata") { _, context in try metadata(context) }
            router.post(path) { request, context in try await predict(request, context) }
        }
        for path: RouterPath in [
            "v1/models/{model}/labels/{label}", "v1/models/{model}/labels/{label}/metadata",
        ] {
            router.get(path) { _, context in try refuseLabel(context) }
            router.post(path) { _, context in try refuseLabel(context) }
        }
    }

    private func refuseLabel(_ context: ServerRequestContext) throws -> Response {
        throw ServingError(
            .notFound,
            "versions have no labels here, such as \(quoted(try context.parameter("label"))); name "
                + "the version itself: /v1/models/\(try context.parameter("model"))/versions/1")
    }

    private func status(_ context: ServerRequestContext) throws -> Response {
        let name = try context.parameter("model")
        let models =
            if let version = try context.version {
                [try repository.model(name, version: version)]
            } else {
                try repository.versions(of: name)
            }
        let states: [JSONValue] = models.map { model in
            [
                "version": .string(model.version), "state": "AVAILABLE",
                "status": ["error_code": "OK", "error_message": ""],
            ]
        }
        return .json(.ok, ["model_version_status": .array(states)])
    }

    private func metadata(_ context: ServerRequestContext) throws -> Response {
        let model = try repository.model(
            try context.parameter("model"), version: try context.version)
        let signature: JSONValue = [
            "inputs": .object(signature(model.inputs)),
            "outputs": .object(signature(model.outputs)),
            "method_name": "tensorflow/serving/predict",
        ]
        return .json(
            .ok,
            [
                "model_spec": [
                    "name": .string(model.name), "signature_name": "",
                    "version": .string(model.version),
                ],
                "metadata": [
                    "signature_def": ["signature_def": ["serving_default": signature]]
                ],
            ])
    }

    private func signature(_ tensors: [ModelMetadata.TensorMetadata]) -> [String: JSONValue] {
        let pairs: [(String, JSONValue)] = tensors.map { tensor in
            let dimensions: [JSONValue] = tensor.shape.map {
                ["size": .string(String($0)), "name": ""]
            }
            return (
                tensor.name,
                [
                    "dtype": .string(tensor.datatype.tensorFlowName), "name": .string(tensor.name),
                    "tensor_shape": ["dim": .array(dimensions), "unknown_rank": false],
                ]
            )
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private func predict(
        _ request: Request, _ context: ServerRequestContext
    ) async throws -> Response {
        let version = try context.version
        let target = try Target(try version ?? context.parameter("model"))
        let model = try repository.model(
            version == nil ? target.name : try context.parameter("model"),
            version: version == nil ? nil : target.name)
        let body = try await request.jsonBody(limit: settings.maxBodySize)
        let predict = try PredictRequest(
            body, model.predictor.inputs, maxDepth: settings.maxJSONDepth)
        let answer = try await model.respond(
            to: InferenceRequest(inputs: predict.inputs), maxPixels: settings.maxPixels)
        return try answer.response(to: predict)
    }

    /// What stands before and behind the colon in the last component of a path: `M:predict`.
    private struct Target {
        let name: String

        init(_ text: String) throws(ServingError) {
            guard let colon = text.lastIndex(of: ":") else {
                throw ServingError(
                    .notFound,
                    "nothing is sent to \(quoted(text)); send it to \(text.prefix(80)):predict")
            }
            let method = text[text.index(after: colon)...]
            guard method == "predict" else {
                throw ServingError(
                    .notFound,
                    "there is no method \(quoted(String(method))); the only one is :predict")
            }
            name = String(text[..<colon])
        }
    }
}

extension InferenceDatatype {
    /// The name of TensorFlow's type.
    fileprivate var tensorFlowName: String {
        switch self {
        case .bool: "DT_BOOL"
        case .uint8: "DT_UINT8"
        case .uint16: "DT_UINT16"
        case .uint32: "DT_UINT32"
        case .uint64: "DT_UINT64"
        case .int8: "DT_INT8"
        case .int16: "DT_INT16"
        case .int32: "DT_INT32"
        case .int64: "DT_INT64"
        case .fp16: "DT_HALF"
        case .bf16: "DT_BFLOAT16"
        case .fp32: "DT_FLOAT"
        case .fp64: "DT_DOUBLE"
        case .bytes: "DT_STRING"
        }
    }
}

extension InferenceResponse {
    /// `predictions`, one for each sample, or `outputs`, a tensor for each output; of a single output
    /// without its name.
    fileprivate func response(to request: PredictRequest) throws(ServingError) -> Response {
        var writer = JSONWriter(capacity: 256)
        try writer.object { writer throws(ServingError) in
            switch request.form {
            case .rows:
                writer.name("predictions")
                try writer.array { writer throws(ServingError) in
                    for row in 0..<(outputs.first?.shape.first ?? 0) {
                        try writer.values(outputs) { writer, output throws(ServingError) in
                            try writer.nested(output, row: row)
                        }
                    }
                }
            case .columns:
                writer.name("outputs")
                try writer.values(outputs) { writer, output throws(ServingError) in
                    try writer.nested(output)
                }
            }
        }
        return Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: writer.buffer))
    }
}

extension JSONWriter {
    fileprivate mutating func values(
        _ outputs: [InferenceTensor],
        _ value: (inout JSONWriter, InferenceTensor) throws(ServingError) -> Void
    ) throws(ServingError) {
        if outputs.count == 1 { return try value(&self, outputs[0]) }
        try object { writer throws(ServingError) in
            for output in outputs {
                writer.name(output.name)
                try value(&writer, output)
            }
        }
    }
}
#endif
