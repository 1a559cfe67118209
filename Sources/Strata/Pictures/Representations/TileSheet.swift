/// Small pictures in rows, with a title above and a caption below each.
struct TileSheet {
    struct Tile {
        /// `uint8 [height, width, channels]`.
        var pixels: Tensor
        var caption: String
        var isChosen = false
    }

    let title: String
    let subtitle: String
    let tiles: [Tile]
    let columns: Int
    /// The longer side of a tile, in points.
    let side: Double

    func drawing() throws(DataError) -> Drawing {
        let columns = max(1, min(columns, tiles.count))
        let rows = (tiles.count + columns - 1) / columns
        let (width, height) = (side + 10, side + 24)
        var drawing = Drawing(
            width: max(
                30 + width * Double(columns), 40 + Drawing.width(of: title, size: 15) * 1.06,
                40 + Drawing.width(of: subtitle, size: 12)),
            height: 68 + height * Double(rows))
        drawing.text(title, at: Point(20, 26), size: 15, .ink, isBold: true)
        drawing.text(subtitle, at: Point(20, 46), size: 12, .quiet)
        for (index, tile) in tiles.enumerated() {
            let (rows, columnsOfTile) = (Double(tile.pixels.shape[0]), Double(tile.pixels.shape[1]))
            let scale = side / max(rows, columnsOfTile)
            let x = 20 + width * Double(index % columns)
            let y = 60 + height * Double(index / columns)
            let frame = Frame(x, y, columnsOfTile * scale, rows * scale)
            try drawing.image(tile.pixels, in: frame)
            drawing.stroke(
                frame, tile.isChosen ? Colour.series[1] : .rule, width: tile.isChosen ? 3 : 1)
            drawing.text(
                Drawing.shortened(tile.caption, to: side + 6, size: 10),
                at: Point(x + side / 2, y + side + 13), size: 10, .quiet, anchor: .middle)
        }
        return drawing
    }
}

extension Tensor {
    /// Numbers as colours.
    ///
    /// - Parameters:
    ///   - map: which colours.
    ///   - range: the numbers that get the first and the last of them.
    /// - Returns: `uint8 [height, width, 3]` of a tensor `[height, width]`.
    func coloured(_ map: ColourMap, _ range: (low: Float, high: Float)) -> Tensor {
        let scale = 1 / max(Double(range.high) - Double(range.low), 1e-30)
        let bytes = scalars.flatMap { value -> [UInt8] in
            let colour = map.colour((Double(value) - Double(range.low)) * scale)
            return [colour.red, colour.green, colour.blue]
        }
        return Tensor(bytes, shape: [shape[0], shape[1], 3])
    }

    /// Channel `index` of `[height, width, channels]`.
    func channel(_ index: Int) -> Tensor {
        let values = scalars
        let channels = shape[2]
        let picked = stride(from: index, to: values.count, by: channels).map { values[$0] }
        return Tensor(picked, shape: [shape[0], shape[1]])
    }
}
