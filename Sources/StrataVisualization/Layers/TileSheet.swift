internal import Strata

/// A sheet of small images in rows, each with a title and a caption.
struct TileSheet {
    struct Tile {
        /// `uint8 [height, width, channels]`; `nil` if there is nothing to show.
        var pixels: Tensor?
        /// Below the tile, or in the middle of the row if there is nothing to show.
        var caption: String
        var isChosen = false
    }

    /// The colour scale.
    struct Legend {
        let map: ColourMap
        /// From the minimum to the maximum.
        let texts: [String]
    }

    let title: String
    let subtitle: String
    let tiles: [Tile]
    let columns: Int
    /// The longer side of a tile, in points.
    let side: Double
    var legend: Legend?

    func drawing() throws(DataError) -> Drawing {
        let columns = max(1, min(columns, tiles.count))
        let rows = (tiles.count + columns - 1) / columns
        let (width, height) = (side + 10, side + 24)
        let legendWidth =
            legend.map { legend in
                44 + (legend.texts.map { Drawing.width(of: $0, size: 11) }.max() ?? 0)
            } ?? 0
        let tileWidth = width * Double(columns)
        var drawing = Drawing(
            width: max(
                30 + tileWidth + legendWidth, 40 + Drawing.width(of: title, size: 15) * 1.06,
                40 + Drawing.width(of: subtitle, size: 12)),
            height: 68 + max(height * Double(rows), legend == nil ? 0 : 90))
        drawing.text(title, at: Point(20, 26), size: 15, .ink, isBold: true)
        drawing.text(subtitle, at: Point(20, 46), size: 12, .quiet)
        for (index, tile) in tiles.enumerated() {
            let corner = Point(
                20 + width * Double(index % columns), 60 + height * Double(index / columns))
            try draw(tile, at: corner, in: &drawing)
        }
        if let legend {
            let bar = Frame(
                20 + tileWidth + 8, 64, 14, min(max(height * Double(rows) - 32, 60), 160))
            drawing.colourBar(in: bar, texts: legend.texts, colour: legend.map.colour)
        }
        return drawing
    }

    private func draw(
        _ tile: Tile, at corner: Point, in drawing: inout Drawing
    ) throws(DataError) {
        guard let pixels = tile.pixels else {
            if tile.caption.isEmpty { return }
            drawing.text(
                tile.caption, at: Point(corner.x, corner.y + side / 2 + 4), size: 12, .quiet)
            return
        }
        let (rows, columns) = (Double(pixels.shape[0]), Double(pixels.shape[1]))
        let scale = side / max(rows, columns)
        let frame = Frame(corner.x, corner.y, columns * scale, rows * scale)
        try drawing.image(pixels, in: frame)
        drawing.stroke(
            frame, tile.isChosen ? Colour.series[1] : .rule, width: tile.isChosen ? 3 : 1)
        drawing.text(
            Drawing.shortened(tile.caption, to: side + 6, size: 11),
            at: Point(corner.x + side / 2, corner.y + side + 14), size: 11, .ink, anchor: .middle)
    }
}

extension Tensor {
    /// Values as colours; pink for values that are not finite, and gray for an empty range.
    ///
    /// - Parameters:
    ///   - map: the colour map.
    ///   - range: the values of the first and the last colour.
    /// - Returns: `uint8 [height, width, 3]` of a tensor `[height, width]`.
    func coloured(_ map: ColourMap, _ range: (low: Float, high: Float)) -> Tensor {
        let scale = 1 / Swift.max(Double(range.high) - Double(range.low), 1e-30)
        let bytes = scalars.flatMap { value -> [UInt8] in
            let colour =
                !value.isFinite
                ? Colour.notFinite
                : range.low < range.high
                    ? map.colour((Double(value) - Double(range.low)) * scale) : .constant
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
