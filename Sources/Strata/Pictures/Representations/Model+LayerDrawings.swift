extension Model {
    /// The feature maps that a layer makes of a picture, each from its smallest number (dark) to its
    /// largest (bright); the number below is the largest.
    ///
    /// - Parameters:
    ///   - layer: its name.
    ///   - sample: a picture as the model takes it.
    ///   - count: how many maps there are at most, from the first.
    ///   - chosen: maps to point out; they come first.
    /// - Throws: a ``ModelError`` where there is no such layer, or it makes no feature maps.
    public func featureMapDrawing(
        of layer: String, for sample: Tensor, count: Int = 64, chosen: [Int] = []
    ) throws -> Drawing {
        let maps = try featureMaps(of: layer, for: sample)
        try check(maps: chosen, of: layer, count: maps.shape[2])
        let others = (0..<maps.shape[2]).filter { !chosen.contains($0) }
        let shown = Array((chosen + others).prefix(max(count, 1)))
        let tiles = shown.map { index in
            let map = maps.channel(index)
            let values = map.scalars.filter(\.isFinite)
            let (low, high) = (values.min() ?? 0, values.max() ?? 0)
            return TileSheet.Tile(
                pixels: map.coloured(.brightness, (low, high)),
                caption: "\(index): \(Self.short(high))", isChosen: chosen.contains(index))
        }
        return try TileSheet(
            title: "Feature maps of \(layer)",
            subtitle:
                "\(shown.count) of \(maps.shape[2]) maps, \(maps.shape[0]) × \(maps.shape[1])",
            tiles: tiles, columns: 8, side: 84
        ).drawing()
    }

    /// A convolution's filters.
    ///
    /// Filters over one or three channels are pictures; of others each channel is one, red where the weight
    /// is positive and blue where it is negative, and a row is a filter.
    ///
    /// - Parameters:
    ///   - layer: its name.
    ///   - count: how many filters there are at most, from the first.
    /// - Throws: a ``ModelError`` where there is no such layer, or it has no filters over two axes.
    public func filterDrawing(of layer: String, count: Int = 64) throws -> Drawing {
        let kernel = try filters(of: layer)
        let (height, width) = (kernel.shape[0], kernel.shape[1])
        let (channels, filters) = (kernel.shape[2], kernel.shape[3])
        let values = kernel.scalars
        let largest = values.filter(\.isFinite).map(abs).max() ?? 1
        func plane(_ channel: Int, _ filter: Int) -> Tensor {
            let picked = (0..<height * width).map {
                values[($0 * channels + channel) * filters + filter]
            }
            return Tensor(picked, shape: [height, width])
        }
        let size = "\(height) × \(width) × \(channels)"
        let note = "weights from \(Self.short(-largest)) (blue) to \(Self.short(largest)) (red)"
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
                tiles: tiles, columns: 8, side: 60
            ).drawing()
        }
        let (rows, columns) = (min(filters, max(count, 1), 16), min(channels, 16))
        let tiles = (0..<rows).flatMap { filter in
            (0..<columns).map { channel in
                TileSheet.Tile(
                    pixels: plane(channel, filter).coloured(.balance, (-largest, largest)),
                    caption: channel == 0 ? "filter \(filter)" : "")
            }
        }
        return try TileSheet(
            title: "Filters of \(layer)",
            subtitle: "\(rows) of \(filters) filters (rows), \(columns) of \(channels) channels "
                + "(columns), \(height) × \(width); \(note)",
            tiles: tiles, columns: columns, side: 40
        ).drawing()
    }

    func check(maps: [Int], of layer: String, count: Int) throws {
        guard let stranger = maps.first(where: { !(0..<count).contains($0) }) else { return }
        throw ModelError(
            .invalidArgument(
                "layer \(layer) has no map \(stranger)", fix: "use maps from 0 to \(count - 1)"))
    }

    /// From the smallest number to the largest.
    private static func spread(_ picture: Tensor) -> Tensor {
        let values = picture.scalars
        let finite = values.filter(\.isFinite)
        let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
        let scale = 255 / max(high - low, .leastNormalMagnitude)
        return Tensor(
            values.map { $0.isFinite ? UInt8(min(max(($0 - low) * scale, 0), 255)) : 0 },
            shape: picture.shape)
    }

    /// A number in few characters.
    static func short(_ value: Float) -> String {
        guard value.isFinite, abs(value) < 1e6 else { return "\(value)" }
        let digits: Float = abs(value) >= 100 ? 1 : abs(value) >= 10 ? 10 : 100
        let rounded = (value * digits).rounded() / digits
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
