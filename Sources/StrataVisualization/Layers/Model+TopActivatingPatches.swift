public import Strata

extension Model {
    /// A drawing of the top-activating patches of feature maps: a row for each map.
    ///
    /// The parameters are those of ``topActivatingPatches(of:maps:in:count:batchSize:)``.
    public func excitingPatchDrawing(
        of layer: String, maps: [Int], in images: Tensor, count: Int = 8
    ) throws -> Drawing {
        let found = try excitement(of: layer, maps: maps, in: images, count: count)
        let field = try receptiveField(of: layer, over: images[0])
        let columns = max(found.map(\.patches.count).max() ?? 1, 5)
        let tiles = zip(maps, found).flatMap { map, excitement in
            var row = excitement.patches.map { patch in
                TileSheet.Tile(
                    pixels: patch.pixels, caption: "map \(map): \(patch.value.shortText)")
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
