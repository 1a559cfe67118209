import Strata
import StrataVisualization

/// The pictures of `strata look`: all arguments, checked before anything is drawn.
struct Look {
    /// For a model of any image size, the maximum length of an image's longer side.
    private static let longestSide = 512

    let model: Model
    /// The image as the model's input.
    let sample: Tensor
    /// A note about the shown layer.
    let note: String?
    /// By file names, in order.
    let drawings: [(name: String, drawing: () throws -> Drawing)]

    /// - Throws: a ``Failure`` with the valid values if an option is invalid.
    init(_ command: LookCommand) throws {
        let model = try ModelFile(path: command.model).load()
        let classCount = try model.classCount()
        var reader = PictureReader()
        let picture = try reader.read(command.picture)
        let sample = try Look.sized(picture.pixels, for: model).fitted(to: model.inputShapes[0])
        if let classes = command.classes, classes.names.count != classCount {
            throw Failure(
                "--classes has \(classes.names.count) names, but the model tells \(classCount) "
                    + "classes apart", .usage)
        }
        let names = [command.classes?.names, model.classNames, picture.classNames]
            .compactMap { $0 }.first { $0.count == classCount }
        model.classNames = names
        let classIndex = try command.wantedClass.map {
            try Look.classIndex($0, names: names, count: classCount)
        }
        let layers = try LookLayers(command, model, sample)
        let source = command.data ?? (layers.isAll ? picture.set.map { .set($0) } : nil)
        let examples = try source.map { try $0.trainingPictures(command.count, for: model) }
        self.model = model
        self.sample = sample
        note = layers.note
        if layers.isAll {
            drawings = [
                (
                    "layers",
                    {
                        try model.layerSheetDrawing(
                            for: sample, layers: layers.names, exampleImages: examples)
                    }
                )
            ]
        } else {
            drawings = try Look.drawings(model, sample, layers, classIndex, examples)
        }
    }

    /// Everything about one layer; errors of the model's values arise here.
    private static func drawings(
        _ model: Model, _ sample: Tensor, _ layers: LookLayers, _ classIndex: Int?,
        _ examples: Tensor?
    ) throws -> [(name: String, drawing: () throws -> Drawing)] {
        let (layer, shown, maps) = (layers.names[0], layers.shown, layers.maps)
        // Files of two layers must not overwrite each other; a name has no folder.
        let ending = layer.map { $0 == "/" ? "-" : String($0) }.joined()
        let gradients = try model.gradCAM(for: sample, layer: shown, classIndex: classIndex)
        let className = model.name(ofClass: gradients.classIndex)
        let filters = try? model.filterDrawing(of: layer)
        var drawings: [(name: String, drawing: () throws -> Drawing)] = [
            ("receptive-fields", { try model.receptiveFieldDrawing(over: sample) })
        ]
        if let filters { drawings.append(("filters-\(ending)", { filters })) }
        drawings.append(
            (
                "feature-maps-\(ending)",
                { try model.featureMapDrawing(of: shown, for: sample, chosen: maps) }
            ))
        if let examples {
            drawings.append(
                (
                    "exciting-patches-\(ending)",
                    { try model.excitingPatchDrawing(of: shown, maps: maps, in: examples) }
                ))
        }
        drawings += [
            (
                "grad-cam-\(ending)",
                { try gradients.drawing(over: sample, className: className) }
            ),
            (
                "occlusion",
                {
                    try model.occlusionMap(for: sample, classIndex: gradients.classIndex)
                        .drawing(over: sample, className: className)
                }
            ),
        ]
        return drawings
    }

    /// The image, reduced if it is large and the model accepts any size.
    private static func sized(_ pixels: Tensor, for model: Model) throws -> Tensor {
        let shape = model.inputShapes[0]
        let longer = max(pixels.shape[0], pixels.shape[1])
        guard shape[1] == nil, shape[2] == nil, longer > longestSide else { return pixels }
        let size = pixels.shape.prefix(2).map { max($0 * longestSide / longer, 1) }
        print("The picture is brought to \(size[0]) × \(size[1]) pixels")
        return try pixels.resized(to: SpatialSize(size))
    }

    /// The class of a text, by index or name.
    private static func classIndex(_ text: String, names: [String]?, count: Int) throws -> Int {
        if let number = Int(text), (0..<count).contains(number) { return number }
        let lowered = text.lowercased()
        if let index = names?.firstIndex(where: { $0.lowercased() == lowered }) { return index }
        guard let names else {
            throw Failure(
                "--class \(text): there is no such class; use 0 to \(count - 1), or tell the names "
                    + "with --classes", .usage)
        }
        let near = nearestName(to: text, among: names).map { "did you mean \($0)? " } ?? ""
        let known = names.enumerated().map { "\($0) \($1)" }.joined(separator: ", ")
        throw Failure(
            "--class \(text): there is no such class; \(near)the classes are \(known)", .usage)
    }
}

extension LabelledSource {
    /// Some of the training images, as a model's input.
    fileprivate func trainingPictures(_ count: Int, for model: Model) throws -> Tensor {
        let images =
            switch self {
            case .set(let set): try set.load().train
            case .folder(let path):
                try PhotoFolder.trainingPictures(of: path, for: model).first(count)
            }
        return try images[0..<min(count, images.count)].fitted(to: model.inputShapes[0])
    }
}
