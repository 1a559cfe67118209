#if Server
import HTTPTypes
import Hummingbird
import Strata
import StrataServer

extension Studio {
    func addLookRoutes(to api: RouterGroup<ServerRequestContext>) {
        let layer = api.group("models/{model}/layers/{layer}")
        layer.get("output") { request, context in
            let arguments = Arguments(request, context)
            let (name, first, count) = try range(arguments)
            let picture = try await picture(arguments)
            return Answer.json(
                try await model(arguments).worker.run { inspection in
                    try LayerOutput(
                        tensor: try inspection.output(of: name, for: picture), first: first,
                        count: count
                    ).json()
                })
        }
        layer.get("filters") { request, context in
            let arguments = Arguments(request, context)
            let (name, first, count) = try range(arguments)
            return Answer.json(
                try await model(arguments).worker.run { inspection in
                    try filters(of: inspection.model, name, first: first, count: count)
                })
        }
        layer.get("patches") { request, context in try await patches(Arguments(request, context)) }
        layer.get("pooling") { request, context in try await pooling(Arguments(request, context)) }
        api.get("models/{model}/shift") { request, context in
            let arguments = Arguments(request, context)
            let picture = try await picture(arguments)
            return Answer.json(
                try await model(arguments).worker.run { inspection in
                    try Translation(inspection: inspection, picture: picture).json()
                })
        }
        api.get("models/{model}/gradcam") { request, context in
            let arguments = Arguments(request, context)
            let picture = try await picture(arguments)
            let (layer, index) = (arguments.text("layer"), try arguments.integer("class"))
            return Answer.json(
                try await model(arguments).worker.run { inspection in
                    let model = inspection.model
                    let sample = try inspection.sample(of: picture)
                    let name = try layer ?? ModelDescription.camLayer(of: model)
                    let saliency = try model.gradCAM(for: sample, layer: name, classIndex: index)
                    return .object(saliency.members.merging(["layer": .string(name)]) { $1 })
                })
        }
        api.get("models/{model}/occlusion") { request, context in
            let arguments = Arguments(request, context)
            let picture = try await picture(arguments)
            let (index, patch) = (try arguments.integer("class"), try arguments.integer("patch"))
            return Answer.json(
                try await model(arguments).worker.run { inspection in
                    let sample = try inspection.sample(of: picture)
                    return .object(
                        try inspection.model.occlusionMap(
                            for: sample, classIndex: index, patchSize: patch
                        ).members)
                })
        }
    }

    private func range(_ arguments: Arguments) throws(StudioError) -> (String, Int, Int) {
        (
            try arguments.name("layer"),
            try arguments.integer("first", default: 0, in: 0...1_000_000),
            try arguments.integer("count", default: 64, in: 1...4096)
        )
    }

    private func filters(
        of model: Model, _ name: String, first: Int, count: Int
    ) throws -> JSONValue {
        let layer = try model.call(of: name).layer
        guard let filters = LayerFilters(layer) else {
            throw StudioError(
                .badRequest,
                "layer \(name) is a \(type(of: layer).className), which has no 2D filters")
        }
        guard (0..<filters.count).contains(first) else {
            throw StudioError(
                .badRequest, "first is \(first), but the filters are 0 to \(filters.count - 1)")
        }
        let most = max((1 << 20) / (filters.height * filters.width * filters.channels), 1)
        let range = first..<first + min(count, most, filters.count - first)
        let bias = try filters.bias.map { Tensor(Array(try $0.value.scalars[range])) }
        return [
            "total": .integer(filters.count), "first": .integer(first),
            "bias": bias.map { JSONValue($0) } ?? .null,
            "values": JSONValue(try filters.values(range)),
        ]
    }

    private func patches(_ arguments: Arguments) async throws -> Response {
        let set = try datasets.info(try arguments.requiredText("dataset"))
        let images = try await datasets.test(set.name)
        let maps = try arguments.integers("maps") ?? [0]
        guard (1...ExcitingPatches.mapLimit).contains(maps.count) else {
            throw StudioError(
                .badRequest,
                "\(maps.count) maps are asked for; ask for 1 to \(ExcitingPatches.mapLimit)")
        }
        let search = ExcitingPatches(
            set: set, images: images, layer: try arguments.name("layer"), maps: maps,
            count: try arguments.integer("count", default: 8, in: 1...ExcitingPatches.countLimit))
        return Answer.json(
            try await model(arguments).worker.run { inspection in
                if let why = ModelAbilities(inspection.model).noPictures {
                    throw StudioError(.badRequest, why)
                }
                return try search.json(inspection)
            })
    }

    private func pooling(_ arguments: Arguments) async throws -> Response {
        let comparison = try PoolingComparison(arguments)
        let map = try arguments.integer("map", default: 0, in: 0...1_000_000)
        let name = try arguments.name("layer")
        let picture = try await picture(arguments)
        return Answer.json(
            try await model(arguments).worker.run { inspection in
                let output = try inspection.output(of: name, for: picture)
                guard output.rank == 4, map < output.shape[3] else {
                    throw StudioError(
                        .badRequest, "layer \(name) gives \(output.shape), which has no map \(map)")
                }
                let size = Array(output.shape[1...2])
                let values = output.scalars.maps(
                    map..<map + 1, size: size[0] * size[1], of: output.shape[3])
                return try comparison.json(of: Tensor(values, shape: size))
            })
    }
}

extension Saliency {
    fileprivate var members: [String: JSONValue] {
        [
            "method": .string(method.rawValue), "class": .integer(classIndex),
            "score": JSONValue(score), "absence": JSONValue(text: absence), "map": JSONValue(map),
        ]
    }
}
#endif
