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

/// What excites one feature map.
struct MapExcitement {
    /// Of all pictures that were looked through.
    fileprivate(set) var range = MapRange()
    /// Strongest first; none where the range has a problem.
    fileprivate(set) var patches: [ExcitingPatch] = []
    fileprivate var best: [(image: Int, value: Float, position: Int)] = []
}

extension Model {
    /// For each of some feature maps the parts of pictures that excite it most, strongest first; of each
    /// picture one at most (Zeiler and Fergus, 2014).
    ///
    /// Only positive values are excitement: a map that is never positive, has the same value everywhere,
    /// or no finite one, has no patches.
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
        try excitement(of: layer, maps: maps, in: images, count: count, batchSize: batchSize)
            .map(\.patches)
    }

    /// The same with the reasons where there are none.
    func excitement(
        of layer: String, maps: [Int], in images: Tensor, count: Int, batchSize: Int = 64
    ) throws -> [MapExcitement] {
        guard batchSize > 0 else {
            throw ModelError(.invalidArgument("batchSize is \(batchSize)", fix: "use 1 or more"))
        }
        guard let imageCount = images.shape.first, imageCount > 0 else {
            throw ModelError(.noSamples)
        }
        let part = try upTo(layer)
        let field = try receptiveField(of: layer, over: images[0])
        var found = maps.map { _ in MapExcitement() }
        var size: [Int] = []
        for start in stride(from: 0, to: imageCount, by: batchSize) {
            let rows = start..<start + min(batchSize, imageCount - start)
            let result = try part.predictOnBatch(images[rows])
            guard result.rank == 4 else { throw notMaps(layer, result.shape) }
            size = result.shape
            try check(maps: maps, of: layer, count: size[3])
            let values = result.scalars
            let step = size[1] * size[2] * size[3]
            for (row, image) in rows.enumerated() {
                for (index, map) in maps.enumerated() {
                    let places = stride(
                        from: row * step + map, to: (row + 1) * step, by: size[3])
                    found[index].take(places.lazy.map { values[$0] }, of: image)
                }
            }
            for index in found.indices { found[index].keepBest(count) }
        }
        for index in found.indices where found[index].range.problem == nil {
            found[index].patches = try found[index].best.map { item in
                let picture = try images[item.image].asPicture()
                let position = [item.position / size[2], item.position % size[2]]
                let extents =
                    field?.extents.flatMap { $0.count == 2 ? $0 : nil }
                    ?? picture.shape.prefix(2).map {
                        ReceptiveField.Extent(size: $0, stride: 0, start: 0)
                    }
                let corner = zip(extents, position).map { $0.start + $1 * $0.stride }
                return ExcitingPatch(
                    image: item.image, value: item.value, corner: corner,
                    pixels: picture.cut(corner, extents.map(\.size)))
            }
        }
        return found
    }

    /// The parts of pictures that excite some feature maps most: a row for each map.
    ///
    /// The parameters are those of ``excitingPatches(of:maps:in:count:batchSize:)``.
    public func excitingPatchDrawing(
        of layer: String, maps: [Int], in images: Tensor, count: Int = 8
    ) throws -> Drawing {
        let found = try excitement(of: layer, maps: maps, in: images, count: count)
        let field = try receptiveField(of: layer, over: images[0])
        let columns = max(found.map(\.patches.count).max() ?? 1, 5)
        let tiles = zip(maps, found).flatMap { map, excitement in
            var row = excitement.patches.map { patch in
                TileSheet.Tile(
                    pixels: patch.pixels, caption: "map \(map): \(Self.short(patch.value))")
            }
            if let problem = excitement.range.problem {
                row = [
                    TileSheet.Tile(
                        pixels: nil, caption: "map \(map): nothing excites it; \(problem)")
                ]
            }
            let blank = TileSheet.Tile(pixels: nil, caption: "")
            return row + Array(repeating: blank, count: columns - row.count)
        }
        let seen =
            field?.extents.map { $0.map { "\($0.size)" }.joined(separator: " × ") + " pixels" }
            ?? "the whole picture"
        return try TileSheet(
            title: "What excites \(layer)",
            subtitle: "a row for each map: the strongest positions in \(images.shape[0]) pictures; "
                + "each sees \(seen)",
            tiles: tiles, columns: columns, side: 76
        ).drawing()
    }
}

extension MapExcitement {
    /// The map's values for one picture.
    fileprivate mutating func take(_ values: some Collection<Float>, of image: Int) {
        var top: (value: Float, position: Int)?
        for (position, value) in values.enumerated() {
            range.add(value)
            if value.isFinite, value > top?.value ?? 0 { top = (value, position) }
        }
        if let top { best.append((image, top.value, top.position)) }
    }

    fileprivate mutating func keepBest(_ count: Int) {
        best.sort { ($1.value, $0.image) < ($0.value, $1.image) }
        best = Array(best.prefix(max(count, 0)))
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
