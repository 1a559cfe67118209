public import Strata

extension Model {
    /// A drawing of a layer's feature maps for an image, strongest first.
    ///
    /// Each map is coloured from its minimum (dark) to its maximum (bright), which is written below
    /// it. A constant map is gray; values that are not finite are pink.
    ///
    /// - Parameters:
    ///   - layer: the layer's name.
    ///   - sample: an image as the model's input.
    ///   - count: the maximum number of maps.
    ///   - chosen: maps to highlight, which come first.
    /// - Throws: a ``ModelError`` if there is no such layer, or its output is not feature maps.
    public func featureMapDrawing(
        of layer: String, for sample: Tensor, count: Int = 64, chosen: [Int] = []
    ) throws -> Drawing {
        let found = FeatureMaps(try featureMaps(of: layer, for: sample))
        let maps = found.maps
        try check(maps: chosen, of: layer, count: maps.shape[2])
        let others = found.strongest.filter { !chosen.contains($0) }
        let shown = Array((chosen + others).prefix(max(count, 1)))
        let tiles = shown.map { index in
            var tile = found.tile(index)
            tile.isChosen = chosen.contains(index)
            return tile
        }
        return try TileSheet(
            title: "Feature maps of \(layer)",
            subtitle:
                "\(shown.count) of \(maps.shape[2]) maps of \(maps.shape[0]) × \(maps.shape[1]), "
                + (chosen.isEmpty ? "strongest first" : "those in a frame, then strongest first")
                + "; below each its number and its largest value",
            tiles: tiles, columns: 8, side: 84,
            legend: TileSheet.Legend(map: .brightness, texts: ["smallest", "largest"])
        ).drawing()
    }

    /// A drawing of a convolution's filters.
    ///
    /// Filters over one or three channels are images; otherwise each channel is one, red for
    /// positive and blue for negative weights, and a row is a filter.
    ///
    /// - Parameters:
    ///   - layer: the layer's name.
    ///   - count: the maximum number of filters, from the first.
    /// - Throws: a ``ModelError`` if there is no such layer, or it has no 2D filters.
    public func filterDrawing(of layer: String, count: Int = 64) throws -> Drawing {
        let kernel = try filters(of: layer)
        let (height, width) = (kernel.shape[0], kernel.shape[1])
        let (channels, filters) = (kernel.shape[2], kernel.shape[3])
        let values = kernel.scalars
        let finite = values.filter(\.isFinite)
        let largest = finite.map(abs).max() ?? 0
        func plane(_ channel: Int, _ filter: Int) -> Tensor {
            let picked = (0..<height * width).map {
                values[($0 * channels + channel) * filters + filter]
            }
            return Tensor(picked, shape: [height, width])
        }
        let size = "\(height) × \(width) × \(channels)"
        let note =
            finite.isEmpty
            ? "the weights are not finite"
            : largest == 0 ? "all weights are 0" : "weights in colours"
        let legend =
            largest > 0
            ? TileSheet.Legend(map: .balance, texts: [-largest, 0, largest].map(\.shortText)) : nil
        if channels == 1 || channels == 3 {
            let shown = min(filters, max(count, 1))
            let tiles = (0..<shown).map { filter in
                let pixels: Tensor
                if channels == 1 {
                    pixels = plane(0, filter).coloured(.balance, (-largest, largest))
                } else {
                    let picked = (0..<height * width * 3).map { values[$0 * filters + filter] }
                    pixels = Self.spread(Tensor(picked, shape: [height, width, 3]))
                }
                return TileSheet.Tile(pixels: pixels, caption: "\(filter)")
            }
            return try TileSheet(
                title: "Filters of \(layer)",
                subtitle: "\(shown) of \(filters), \(size); "
                    + (channels == 1 ? note : "each from its smallest to its largest weight"),
                tiles: tiles, columns: 8, side: 60, legend: channels == 1 ? legend : nil
            ).drawing()
        }
        let (rows, columns) = (min(filters, max(count, 1), 16), min(channels, 16))
        let tiles = (0..<rows).flatMap { filter in
            (0..<columns).map { channel in
                TileSheet.Tile(
                    pixels: plane(channel, filter).coloured(.balance, (-largest, largest)),
                    caption: channel == 0 ? "\(filter)" : "")
            }
        }
        return try TileSheet(
            title: "Filters of \(layer)",
            subtitle: "\(rows) of \(filters) filters (rows), \(columns) of \(channels) channels "
                + "(columns), \(height) × \(width); \(note)",
            tiles: tiles, columns: columns, side: 40, legend: legend
        ).drawing()
    }

    /// From the smallest value to the largest.
    private static func spread(_ picture: Tensor) -> Tensor {
        let values = picture.scalars
        let finite = values.filter(\.isFinite)
        let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
        let scale = 255 / max(high - low, .leastNormalMagnitude)
        return Tensor(
            values.map { $0.isFinite ? UInt8(min(max(($0 - low) * scale, 0), 255)) : 0 },
            shape: picture.shape)
    }
}
