import Strata

/// The layers and feature maps of `strata look`.
struct LookLayers {
    /// Whether all layers with filters are drawn, on one sheet.
    let isAll: Bool
    let names: [String]
    /// For one layer: the layer after its activation.
    let shown: String
    /// For one layer: the indices of its maps.
    let maps: [Int]

    /// - Throws: a ``Failure`` that lists the valid names.
    init(_ command: LookCommand, _ model: Model, _ sample: Tensor) throws {
        isAll = command.layer == "all"
        guard !model.convolutionNames.isEmpty || command.layer != nil && !isAll else {
            throw Failure(
                "the model has no layer with filters; use a model with a Conv2D, or name a --layer",
                .data)
        }
        if isAll {
            guard command.maps == nil else {
                throw Failure(
                    "--maps is for one layer; name it with --layer in place of all: "
                        + model.convolutionNames.joined(separator: ", "), .usage)
            }
            (names, shown, maps) = (model.convolutionNames, "", [])
            return
        }
        let layer = try command.layer ?? LookLayers.lastConvolution(model, sample)
        try LookLayers.check(layer, model)
        shown = try model.activatedLayer(of: layer)
        names = [layer]
        let strongest = try model.strongestMaps(4, of: shown, for: sample)
        maps = command.maps?.values ?? strongest
        let count = try model.mapCount(of: shown, for: sample)
        if let stranger = maps.first(where: { !(0..<count).contains($0) }) {
            throw Failure(
                "--maps \(stranger): layer \(layer) has the maps 0 to \(count - 1); the strongest for "
                    + "this picture are \(strongest.map(String.init).joined(separator: ","))",
                .usage)
        }
    }

    /// A note if another layer's output is shown than the requested one.
    var note: String? {
        isAll || shown == names[0]
            ? nil : "  The maps of \(names[0]) are shown behind its activation, \(shown)"
    }

    private static func check(_ layer: String, _ model: Model) throws {
        let names = model.mapLayerNames
        if names.contains(layer) { return }
        let known = "layers with feature maps are \(names.joined(separator: ", ")), or all"
        if model.getLayer(layer) != nil {
            throw Failure("--layer \(layer): it makes no feature maps; \(known)", .usage)
        }
        let near =
            nearestName(to: layer, among: names + ["all"]).map { "did you mean \($0)? " } ?? ""
        throw Failure("--layer \(layer): there is no such layer; \(near)\(known)", .usage)
    }

    /// The last layer with filters whose maps are large enough to show.
    private static func lastConvolution(_ model: Model, _ sample: Tensor) throws -> String {
        let names = model.convolutionNames
        let large = Set(
            try model.receptiveFields(over: sample)
                .filter { $0.outputSize.allSatisfy { $0 >= 5 } }.map(\.layer))
        return names.last(where: large.contains) ?? names[names.count - 1]
    }
}
