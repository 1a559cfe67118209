#if Server
import HTTPTypes
import Hummingbird
import NIOCore

extension HTTPField.Name {
    /// The length of the JSON before binary tensors, in bytes.
    static let inferenceHeaderContentLength = inferenceHeader
    private static let inferenceHeader =
        HTTPField.Name("Inference-Header-Content-Length") ?? .contentLength
}

extension InferenceResponse {
    /// The answer over HTTP: JSON, and behind it the outputs that are asked for in binary form.
    func response(to request: OpenInferenceRequest) throws(ServingError) -> Response {
        let isBinary = try outputs.map { output throws(ServingError) in
            let wish = request.request.outputs.first { $0.name == output.name }
            return try wish?.parameters.flag("binary_data") ?? request.isBinary
        }
        let capacity = outputs.reduce(256) { $0 + $1.contents.count * 16 }
        var writer = JSONWriter(capacity: min(capacity, 1 << 20))
        try writer.object { writer throws(ServingError) in
            writer.name("model_name")
            writer.string(modelName)
            writer.name("model_version")
            writer.string(modelVersion)
            if let id {
                writer.name("id")
                writer.string(id)
            }
            writer.name("outputs")
            try writer.array { writer throws(ServingError) in
                for (output, isBinary) in zip(outputs, isBinary) {
                    try writer.output(output, isBinary: isBinary)
                }
            }
        }
        var buffer = writer.buffer
        let jsonLength = buffer.readableBytes
        var headers: HTTPFields = [.contentType: "application/json"]
        if isBinary.contains(true) {
            headers[.contentType] = "application/octet-stream"
            headers[.inferenceHeaderContentLength] = String(jsonLength)
            for (output, isBinary) in zip(outputs, isBinary) where isBinary {
                output.withRawBytes { _ = buffer.writeBytes($0) }
            }
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: buffer))
    }
}

extension JSONWriter {
    fileprivate mutating func output(
        _ tensor: InferenceTensor, isBinary: Bool
    ) throws(ServingError) {
        try object { writer throws(ServingError) in
            writer.name("name")
            writer.string(tensor.name)
            writer.name("datatype")
            writer.string(tensor.datatype.rawValue)
            writer.name("shape")
            writer.integers(tensor.shape)
            if isBinary {
                writer.name("parameters")
                try writer.object { writer throws(ServingError) in
                    writer.name("binary_data_size")
                    writer.integer(tensor.withRawBytes { $0.count })
                }
            } else {
                writer.name("data")
                try writer.elements(tensor)
            }
        }
    }
}
#endif
