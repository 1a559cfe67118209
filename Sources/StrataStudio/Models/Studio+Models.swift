#if Server
import Hummingbird
import Strata
import StrataServer

extension Studio {
    func addModelRoutes(to api: RouterGroup<ServerRequestContext>) {
        api.get("models") { _, _ in try await modelList() }
        api.get("models/{model}") { request, context in
            let arguments = Arguments(request, context)
            let entry = try model(arguments)
            let picture =
                arguments.text("picture") == nil ? nil : try await picture(arguments)
            return Answer.json(
                try await entry.worker.run { inspection in
                    try inspection.description(picture?.pixels.shape ?? []) {
                        let sample = try picture.map { try inspection.sample(of: $0) }
                        let made = ModelDescription(model: inspection.model, sample: sample)
                        return .object(made.json.merging(entry.json) { $1 })
                    }
                })
        }
        api.get("models/{model}/predict") { request, context in
            let arguments = Arguments(request, context)
            return try await prediction(try model(arguments), try await picture(arguments))
        }
        api.post("models/{model}/predict") { request, context in
            let arguments = Arguments(request, context)
            let entry = try model(arguments)
            return try await prediction(entry, try await sentPicture(arguments))
        }
        api.get("models/{model}/input.png") { request, context in
            let arguments = Arguments(request, context)
            let picture = try await picture(arguments)
            return try Answer.png(
                try await model(arguments).worker.run {
                    try $0.sample(of: picture).asPicture()
                })
        }
    }

    /// The model that a request names.
    func model(_ arguments: Arguments) throws -> ModelStore.Entry {
        try models.entry(try arguments.name("model"), version: arguments.text("version"))
    }

    private func modelList() async throws -> Response {
        var list: [JSONValue] = []
        for entry in models.all() {
            list.append(
                try await entry.worker.run { inspection in
                    let model = inspection.model
                    let abilities = ModelAbilities(model)
                    return .object(
                        entry.json.merging([
                            "parameters": .integer(model.countParams()),
                            "input": model.inputShapes.first.map { JSONValue(sample: $0) } ?? .null,
                            "classes": model.classNames.map { JSONValue($0) } ?? .null,
                            "takesPictures": .bool(abilities.noPictures == nil),
                            "classifies": .bool(abilities.why == nil),
                            "why": JSONValue(text: abilities.why),
                        ]) { $1 })
                })
        }
        return Answer.json(["models": .array(list)])
    }

    private func prediction(
        _ entry: ModelStore.Entry, _ picture: ShownPicture
    ) async throws -> Response {
        let start = ContinuousClock.now
        var members = try await entry.worker.run { try PicturePrediction($0, picture).members }
        members["picture"] = .string(picture.name)
        members["label"] = JSONValue(picture.label)
        members["milliseconds"] = JSONValue(
            Float((ContinuousClock.now - start) / .milliseconds(1)))
        return Answer.json(.object(members))
    }
}

extension ModelStore.Entry {
    fileprivate var json: [String: JSONValue] {
        [
            "name": .string(name), "origin": .string(origin.rawValue), "version": .string(version),
        ]
    }
}
#endif
