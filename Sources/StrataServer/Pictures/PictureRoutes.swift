#if Server
import HTTPTypes
package import Hummingbird
import NIOCore
import Strata

/// Pictures in, classes with probabilities out: `POST /v2/models/<model>/classify`.
///
/// The body is one JPEG or PNG file, or several as `multipart/form-data`.
package struct PictureRoutes: RouteGroup {
    private static let types = [
        "image/jpeg", "image/png", "application/octet-stream",
        // What curl says of `--data-binary` if it is told nothing.
        "application/x-www-form-urlencoded",
    ]

    private let repository: ModelRepository
    private let settings: InferenceServer.Settings

    package init(_ repository: ModelRepository, settings: InferenceServer.Settings) {
        self.repository = repository
        self.settings = settings
    }

    package func addRoutes(to router: Router<ServerRequestContext>) {
        for path: RouterPath in ["v2/models/{model}", "v2/models/{model}/versions/{version}"] {
            router.post("\(path)/classify") { request, context in
                try await classify(request, context)
            }
        }
    }

    private func classify(
        _ request: Request, _ context: ServerRequestContext
    ) async throws -> Response {
        let model = try repository.model(
            try context.parameter("model"), version: try context.version)
        let top = try top(request)
        let files = try await files(request)
        let classifications = try await model.classify(files, maxPixels: settings.maxPixels)
        var writer = JSONWriter(capacity: 256)
        try writer.object { writer throws(ServingError) in
            writer.name("model_name")
            writer.string(model.name)
            writer.name("model_version")
            writer.string(model.version)
            writer.name("pictures")
            try writer.array { writer throws(ServingError) in
                for (file, probabilities) in zip(files, classifications) {
                    try writer.picture(file.name, probabilities, top: top, of: model)
                }
            }
        }
        return Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: writer.buffer))
    }

    /// How many classes are answered.
    private func top(_ request: Request) throws(ServingError) -> Int {
        guard let text = request.uri.queryParameters["top"] else { return 3 }
        guard let top = Int(text), top > 0 else {
            throw ServingError(
                .invalidArgument,
                "top is \(quoted(String(text))), but it is a number of classes, 1 or more")
        }
        return top
    }

    private func files(_ request: Request) async throws -> [(name: String, bytes: [UInt8])] {
        let type = request.mediaType
        if let type, type != "multipart/form-data", !Self.types.contains(type) {
            throw ServingError(
                .unsupportedMediaType,
                "Content-Type \(quoted(type)) is no picture; send image/jpeg, image/png or "
                    + "multipart/form-data")
        }
        let body = try await request.wholeBody(limit: settings.maxBodySize)
        guard type == "multipart/form-data" else {
            return [("the picture", Array(buffer: body))]
        }
        let contentType = request.headers[.contentType] ?? ""
        return try body.withUnsafeReadableBytes { bytes in
            try MultipartBody(bytes, contentType: contentType).files
        }
    }
}

extension ServedModel {
    /// The class probabilities of pictures.
    ///
    /// - Parameter files: JPEG and PNG files, with their names in errors.
    /// - Throws: a ``ServingError``; `CancellationError` if the task was cancelled.
    package func classify(
        _ files: [(name: String, bytes: [UInt8])], maxPixels: Int
    ) async throws -> [[Float]] {
        try checkClassifies()
        let x = try PictureInput(description: predictor.inputs[0], maxPixels: maxPixels)
            .tensor(files)
        let results = try await results(of: [x])
        let scores = results[0].scalars
        let width = scores.count / files.count
        do throws(ModelError) {
            return try files.indices.map { index throws(ModelError) in
                try ClassScores.probabilities(
                    scores[index * width..<(index + 1) * width], of: files[index].name)
            }
        } catch {
            throw ServingError(
                .invalidArgument,
                "\(error.problem.sentence); send another picture, or put another version of the model "
                    + "into the repository")
        }
    }

    private func checkClassifies() throws(ServingError) {
        do {
            _ = try ClassScores.classCount(
                inputs: predictor.inputs.map(\.shape), outputs: predictor.outputs.map(\.shape))
        } catch {
            throw ServingError(
                .invalidArgument,
                "\(error.problem.sentence); ask /v2/models/\(name)/infer, and send numbers")
        }
    }

    /// The name of a class; `class 3` if the model has none.
    func label(_ index: Int) -> String {
        guard let names = predictor.classNames, names.indices.contains(index) else {
            return "class \(index)"
        }
        return names[index]
    }
}

extension JSONWriter {
    fileprivate mutating func picture(
        _ name: String, _ probabilities: [Float], top: Int, of model: ServedModel
    ) throws(ServingError) {
        try object { writer throws(ServingError) in
            writer.name("name")
            writer.string(name)
            writer.name("classes")
            try writer.array { writer throws(ServingError) in
                for index in probabilities[...].largest(top) {
                    try writer.object { writer throws(ServingError) in
                        writer.name("index")
                        writer.integer(index)
                        writer.name("label")
                        writer.string(model.label(index))
                        writer.name("probability")
                        try writer.number(probabilities[index], of: "the model's output")
                    }
                }
            }
        }
    }
}
#endif
