#if Server
import HTTPTypes
import Hummingbird
import Strata
import StrataServer

extension Studio {
    /// Bytes of a picture that is sent.
    private static let pictureLimit = 16 << 20

    func addPictureRoutes(to api: RouterGroup<ServerRequestContext>) {
        api.post("pictures") { request, context in
            let picture = try await sentPicture(Arguments(request, context))
            let shape = picture.pixels.shape
            return Answer.json([
                "picture": .string(picture.name), "height": .integer(shape[0]),
                "width": .integer(shape[1]), "channels": .integer(shape[2]),
            ])
        }
        api.get("pictures/{picture}.png") { request, context in
            try Answer.png(try pictures.picture(try Arguments(request, context).name("picture")))
        }
        api.get("datasets") { _, _ in Answer.json(["datasets": DatasetStore.json()]) }
        api.get("datasets/{dataset}/random") { request, context in
            try await randomPicture(Arguments(request, context))
        }
        api.get("datasets/{dataset}/test/{index}.png") { request, context in
            let arguments = Arguments(request, context)
            return try Answer.png(
                try await datasets.picture(
                    try arguments.name("dataset"), index: try arguments.index("index")
                ).pixels)
        }
        api.get("datasets/{dataset}/test/{index}") { request, context in
            let arguments = Arguments(request, context)
            return Answer.json(
                try await datasets.picture(
                    try arguments.name("dataset"), index: try arguments.index("index")
                ).json)
        }
    }

    /// The picture of a request's body, which is kept.
    func sentPicture(_ arguments: Arguments) async throws -> ShownPicture {
        let bytes = try await arguments.body(limit: Self.pictureLimit)
        let pixels = try ImageDecoder.decode(
            bytes, file: "the picture", isUpright: true, least: nil, pixelLimit: settings.maxPixels)
        return ShownPicture(name: pictures.keep(pixels), pixels: pixels, label: nil)
    }

    /// The picture that a request names, moved as it says.
    func picture(_ arguments: Arguments) async throws -> ShownPicture {
        let name = try arguments.requiredText("picture")
        var picture: ShownPicture
        if let colon = name.lastIndex(of: ":") {
            let text = String(name[name.index(after: colon)...])
            guard let index = Int(text) else {
                throw StudioError(.badRequest, "picture is \(name); use DATASET:INDEX")
            }
            let found = try await datasets.picture(String(name[..<colon]), index: index)
            picture = ShownPicture(name: name, pixels: found.pixels, label: found.label)
        } else {
            picture = ShownPicture(name: name, pixels: try pictures.picture(name), label: nil)
        }
        let range = -100_000...100_000
        picture.shift = (
            try arguments.integer("dx", default: 0, in: range),
            try arguments.integer("dy", default: 0, in: range)
        )
        return picture
    }

    private func randomPicture(_ arguments: Arguments) async throws -> Response {
        let name = try arguments.name("dataset")
        let images = try await datasets.test(name)
        let labels = images.y.integers
        let wanted = try arguments.integer("class")
        let indices = labels.indices.filter { wanted == nil || labels[$0] == wanted }
        guard let index = indices.randomElement() else {
            throw StudioError(.notFound, "no test picture has the class \(wanted ?? 0)")
        }
        return Answer.json(try await datasets.picture(name, index: index).json)
    }
}
#endif
