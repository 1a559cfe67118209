/// A part of a picture that excites one feature map.
public struct ExcitingPatch: Sendable, Hashable {
    /// Which picture.
    public let image: Int
    /// The map's number there.
    public let value: Float
    /// The first row and column that the map's place sees; negative where it reaches into padding.
    public let corner: [Int]
    /// What it sees, `uint8 [height, width, channels]`; what lies beyond the picture is grey.
    public let pixels: Tensor
}

extension Model {
    /// For each of some feature maps the parts of pictures that excite it most, strongest first; of each
    /// picture one at most (Zeiler and Fergus, 2014).
    ///
    /// - Parameters:
    ///   - layer: its name.
    ///   - maps: which of its maps.
    ///   - images: pictures as the model takes them, `[count, height, width, channels]`.
    ///   - count: how many parts for each map.
    ///   - batchSize: pictures in a step, 1 or more.
    /// - Throws: a ``ModelError`` where there is no such layer or map, or the pictures do not fit.
    public func excitingPatches(
        of layer: String, maps: [Int], in images: Tensor, count: Int = 8, batchSize: Int = 64
    ) throws -> [[ExcitingPatch]] {
        guard batchSize > 0 else {
            throw ModelError(.invalidArgument("batchSize is \(batchSize)", fix: "use 1 or more"))
        }
        let part = try upTo(layer)
        let field = try receptiveField(of: layer)
        var best: [[(image: Int, value: Float, place: Int)]] = maps.map { _ in [] }
        var size: [Int] = []
        for start in stride(from: 0, to: images.shape.first ?? 0, by: batchSize) {
            let rows = start..<min(start + batchSize, images.shape[0])
            let result = try part.predictOnBatch(images[rows])
            guard result.rank == 4 else { throw notMaps(layer, result.shape) }
            size = result.shape
            try check(maps: maps, of: layer, count: size[3])
            let values = result.scalars
            let places = size[1] * size[2]
            for (row, image) in rows.enumerated() {
                for (index, map) in maps.enumerated() {
                    let offset = row * places * size[3] + map
                    var top = 0
                    for place in 1..<max(places, 1)
                    where values[offset + place * size[3]] > values[offset + top * size[3]] {
                        top = place
                    }
                    best[index].append((image, values[offset + top * size[3]], top))
                }
            }
            for index in best.indices {
                best[index].sort { ($1.value, $0.image) < ($0.value, $1.image) }
                best[index] = Array(best[index].prefix(max(count, 0)))
            }
        }
        return try best.map { found in
            try found.map { item in
                let place = [item.place / size[2], item.place % size[2]]
                let picture = try images[item.image].asPicture()
                let extents =
                    field?.extents.flatMap { $0.count == 2 ? $0 : nil }
                    ?? picture.shape.prefix(2).map {
                        ReceptiveField.Extent(size: $0, stride: 0, start: 0)
                    }
                let corner = zip(extents, place).map { $0.start + $1 * $0.stride }
                return ExcitingPatch(
                    image: item.image, value: item.value, corner: corner,
                    pixels: picture.cut(corner, extents.map(\.size)))
            }
        }
    }

    /// The parts of pictures that excite some feature maps most: a row for each map.
    ///
    /// The parameters are those of ``excitingPatches(of:maps:in:count:batchSize:)``.
    public func excitingPatchDrawing(
        of layer: String, maps: [Int], in images: Tensor, count: Int = 8
    ) throws -> Drawing {
        let found = try excitingPatches(of: layer, maps: maps, in: images, count: count)
        let field = try receptiveField(of: layer)
        let tiles = zip(maps, found).flatMap { map, patches in
            patches.map { patch in
                TileSheet.Tile(
                    pixels: patch.pixels,
                    caption: "map \(map): \(Self.short(patch.value))")
            }
        }
        let seen =
            field?.extents.map { $0.map { "\($0.size)" }.joined(separator: " × ") + " pixels" }
            ?? "the whole picture"
        return try TileSheet(
            title: "What excites \(layer)",
            subtitle: "a row for each map: the strongest places of \(images.shape[0]) pictures; "
                + "each sees \(seen)",
            tiles: tiles, columns: max(found.first?.count ?? 1, 1), side: 76
        ).drawing()
    }
}

extension Tensor {
    /// The part of a picture at a corner; grey where there is no picture.
    fileprivate func cut(_ corner: [Int], _ size: [Int]) -> Tensor {
        guard case .uint8(let source) = storage else { return self }
        let channels = shape[2]
        var result = [UInt8](repeating: 128, count: size[0] * size[1] * channels)
        for y in 0..<size[0] where (0..<shape[0]).contains(corner[0] + y) {
            for x in 0..<size[1] where (0..<shape[1]).contains(corner[1] + x) {
                for channel in 0..<channels {
                    result[(y * size[1] + x) * channels + channel] =
                        source[((corner[0] + y) * shape[1] + corner[1] + x) * channels + channel]
                }
            }
        }
        return Tensor(result, shape: [size[0], size[1], channels])
    }
}
