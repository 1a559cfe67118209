public import Strata

extension Model {
    /// A sheet of layers: for each layer the image with the central receptive field, the feature
    /// maps with the strongest activations, and the top-activating patches of other images for
    /// these maps.
    ///
    /// Maps are those after the layer's activation, strongest first, with a scale for each layer.
    ///
    /// ```swift
    /// let sheet = try model.layerSheetDrawing(for: test.x[0], exampleImages: train.x[0..<1000])
    /// try sheet.write(to: "layers.png")
    /// ```
    ///
    /// - Parameters:
    ///   - sample: an image as the model's input.
    ///   - layers: the layers' names; all with 2D filters if left out.
    ///   - mapCount: the number of maps of each layer, 1 or more.
    ///   - exampleImages: images for top-activating patches, `[count, height, width, channels]`, as
    ///     the model's input.
    /// - Throws: a ``ModelError`` if there is no such layer, its output is not feature maps, or an
    ///   image does not fit.
    public func layerSheetDrawing(
        for sample: Tensor, layers: [String]? = nil, mapCount: Int = 6,
        exampleImages: Tensor? = nil
    ) throws -> Drawing {
        let names = layers ?? convolutionNames
        guard !names.isEmpty else {
            throw ModelError(
                .invalidArgument(
                    "model \(name) has no layer with filters over two axes",
                    fix: "use a model with a Conv2D, or name layers whose outputs are images"))
        }
        let fields = try receptiveFields(over: sample)
        let picture = try batch(of: sample)[0].asPicture()
        let rows = try names.enumerated().map { index, name in
            let shown = try activatedLayer(of: name)
            let maps = FeatureMaps(try featureMaps(of: shown, for: sample))
            let chosen = Array(maps.strongest.prefix(max(mapCount, 1)))
            return LayerSheetRow(
                number: index + 1, layer: name, shown: shown,
                className: type(of: try call(of: name).layer).className, maps: maps, chosen: chosen,
                field: fields.last { $0.layer == shown },
                excitement: try exampleImages.map {
                    try excitement(
                        of: shown, maps: chosen, in: $0, count: LayerSheetRow.patchesPerMap)
                }, exampleCount: exampleImages?.shape.first ?? 0)
        }
        let columns = rows.map(\.chosen.count).max() ?? 1
        let drawings = try rows.map { try $0.drawing(over: picture, columns: columns) }
        let title = "What the layers see"
        var drawing = Drawing(
            width: max(
                drawings.map(\.width).max() ?? 1, 40 + Drawing.width(of: title, size: 17) * 1.06),
            height: 64 + drawings.reduce(0) { $0 + $1.height })
        drawing.text(title, at: Point(20, 30), size: 17, .ink, isBold: true)
        if let found = try? score(of: try batch(of: sample), nil) {
            drawing.text(
                "predicted class: \(name(ofClass: found.index)), \(found.score.shortText)",
                at: Point(20, 52), size: 12, .quiet)
        }
        var top = 64.0
        for row in drawings {
            drawing.add(row, at: Point(0, top))
            top += row.height
        }
        return drawing
    }
}
