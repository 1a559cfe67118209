#if Server
import Foundation
import Strata

/// The patches of a data set's test pictures that excite maps of a layer most.
struct ExcitingPatches {
    /// Test pictures that are searched.
    private static let pictureLimit = 1000
    /// Patches of each map that are kept.
    static let countLimit = 16
    static let mapLimit = 16

    let set: DatasetInfo
    let images: LabelledImages
    let layer: String
    let maps: [Int]
    let count: Int

    init(set: DatasetInfo, images: LabelledImages, layer: String, maps: [Int], count: Int) {
        self.set = set
        self.images = images[0..<min(images.count, Self.pictureLimit)]
        self.layer = layer
        self.maps = maps
        self.count = count
    }

    func json(_ inspection: Inspection) throws -> JSONValue {
        let found = try excitements(inspection)
        return [
            "dataset": .string(set.name), "pictures": .integer(images.count),
            "maps": .array(
                try zip(maps, found).map { map, excitement in
                    [
                        "map": .integer(map), "problem": JSONValue(text: excitement.range.problem),
                        "patches": .array(
                            try excitement.patches.prefix(count).map { try json($0) }),
                    ]
                }),
        ]
    }

    /// Those of all maps of the request; the pictures pass the network once.
    private func excitements(_ inspection: Inspection) throws -> [MapExcitement] {
        let keys = maps.map { "\(set.name)/\(layer)/\($0)" }
        let known = keys.compactMap { inspection.excitement($0) }
        if known.count == keys.count { return known }
        let model = inspection.model
        let found = try model.excitement(
            of: layer, maps: maps, in: try images.fitted(to: model.inputShapes[0]),
            count: Self.countLimit)
        for (key, excitement) in zip(keys, found) { inspection.keep(excitement, as: key) }
        return found
    }

    private func json(_ patch: TopActivatingPatch) throws -> JSONValue {
        let png = Data(try ImageEncoder.png(patch.pixels)).base64EncodedString()
        return [
            "picture": .string("\(set.name):\(patch.image)"),
            "label": JSONValue(images.y[patch.image..<patch.image + 1].integers.first),
            "value": JSONValue(patch.value), "top": .integer(patch.corner[0]),
            "left": .integer(patch.corner[1]), "height": .integer(patch.pixels.shape[0]),
            "width": .integer(patch.pixels.shape[1]),
            "image": .string("data:image/png;base64,\(png)"),
        ]
    }
}
#endif
