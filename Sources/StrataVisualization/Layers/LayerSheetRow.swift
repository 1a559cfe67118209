internal import Strata

/// A layer's row of the sheet of layers.
struct LayerSheetRow {
    /// In three rows of three.
    static let patchesPerMap = 9
    private static let side = 104.0
    private static let step = 116.0
    private static let left = 164.0

    /// The layer's number on the sheet, from 1.
    let number: Int
    let layer: String
    /// The layer whose maps are shown: the one after `layer`'s activation.
    let shown: String
    let className: String
    let maps: FeatureMaps
    /// The indices of the maps.
    let chosen: [Int]
    let field: ReceptiveField?
    /// Of the chosen maps, if there are example images.
    let excitement: [MapExcitement]?
    /// The number of example images.
    let exampleCount: Int

    func drawing(over picture: Tensor, columns: Int) throws -> Drawing {
        let (side, step) = (LayerSheetRow.side, LayerSheetRow.step)
        let (left, mapTop) = (LayerSheetRow.left, 68.0)
        let patchTop = mapTop + side + 52
        var drawing = Drawing(
            width: left + step * Double(columns) + 76,
            height: (excitement == nil ? mapTop + side + 50 : patchTop + side) + 26)
        drawing.line([Point(20, 4), Point(drawing.width - 20, 4)], .rule)
        let title = "Layer \(number): \(layer)"
        drawing.text(title, at: Point(20, 30), size: 15, .ink, isBold: true)
        let titleEnd = 40 + Drawing.width(of: title, size: 15) * 1.06
        drawing.text(about, at: Point(max(left, titleEnd), 30), size: 12, .quiet)
        let range = colourRange
        drawing.text(
            "feature maps, strongest first: number and largest value", at: Point(left, 56),
            size: 12,
            .ink)
        for (index, map) in chosen.enumerated() {
            let tile = maps.tile(map, range)
            guard let pixels = tile.pixels else { continue }
            let frame = LayerSheetRow.fitted(
                pixels, in: Frame(left + step * Double(index), mapTop, side, side))
            try drawing.image(pixels, in: frame)
            drawing.stroke(frame, .rule)
            drawing.text(
                Drawing.shortened(tile.caption, to: step - 6, size: 12),
                at: Point(left + step * Double(index) + side / 2, mapTop + side + 16), size: 12,
                .ink,
                anchor: .middle)
        }
        if range.low < range.high {
            let middle = (range.low + range.high) / 2
            drawing.colourBar(
                in: Frame(left + step * Double(columns) + 2, mapTop, 14, side),
                texts: [range.low, middle, range.high].map(\.shortText),
                colour: ColourMap.brightness.colour)
        }
        try drawPicture(picture, in: &drawing, top: mapTop)
        if let excitement {
            drawing.text(
                "the parts of \(exampleCount) pictures that excite each map most (grey: outside of them)",
                at: Point(left, patchTop - 10), size: 12, .ink)
            for (index, found) in excitement.enumerated() {
                try draw(found, at: Point(left + step * Double(index), patchTop), in: &drawing)
            }
        }
        return drawing
    }

    private var about: String {
        let size = "\(maps.maps.shape[0]) × \(maps.maps.shape[1])"
        let behind = shown == layer ? "" : ", shown behind \(shown)"
        return "\(className), \(maps.maps.shape[2]) maps of \(size)\(behind)"
    }

    /// From 0, or lower for negative maps, to the maximum of the shown maps.
    private var colourRange: (low: Float, high: Float) {
        let ranges = chosen.map { maps.ranges[$0] }.filter { !$0.isEmpty }
        return (min(ranges.map(\.low).min() ?? 0, 0), max(ranges.map(\.high).max() ?? 0, 0))
    }

    /// The image with the receptive field of the central position.
    private func drawPicture(_ picture: Tensor, in drawing: inout Drawing, top: Double) throws {
        let frame = LayerSheetRow.fitted(
            picture, in: Frame(20, top, LayerSheetRow.side + 16, LayerSheetRow.side + 16))
        try drawing.image(picture, in: frame)
        drawing.stroke(frame, .quiet)
        let scale = frame.width / Double(picture.shape[1])
        if let square = field?.middle(over: picture.shape) {
            let scaled = Frame(
                frame.x + square.x * scale, frame.y + square.y * scale, square.width * scale,
                square.height * scale)
            drawing.stroke(scaled.clipped(to: frame), .white, width: 4)
            drawing.stroke(scaled.clipped(to: frame), Colour.series[1], width: 2)
        }
        let size = field?.extents.map { $0.map { "\($0.size)" }.joined(separator: " × ") }
        let lines = ["receptive field:", size.map { "\($0) pixels" } ?? "the whole picture"]
        for (index, line) in lines.enumerated() {
            drawing.text(
                line, at: Point(20, frame.y + frame.height + 18 + 16 * Double(index)), size: 12,
                .ink)
        }
    }

    private func draw(
        _ found: MapExcitement, at corner: Point, in drawing: inout Drawing
    ) throws {
        let side = LayerSheetRow.side
        if let problem = found.range.problem {
            drawing.fill(Frame(corner.x, corner.y, side, side), .shade)
            let lines = ["nothing excites it:"] + problem.split(separator: ", ").map(String.init)
            for (index, line) in lines.enumerated() {
                drawing.text(
                    Drawing.shortened(line, to: side - 4, size: 11),
                    at: Point(corner.x + side / 2, corner.y + side / 2 - 8 + 16 * Double(index)),
                    size: 11, .quiet, anchor: .middle)
            }
            return
        }
        let part = side / 3
        for (index, patch) in found.patches.enumerated() {
            let frame = Frame(
                corner.x + part * Double(index % 3), corner.y + part * Double(index / 3), part - 2,
                part - 2)
            let fitted = LayerSheetRow.fitted(patch.pixels, in: frame)
            try drawing.image(patch.pixels, in: fitted)
            drawing.stroke(fitted, .rule, width: 0.5)
        }
    }

    /// The largest centred frame with an image's aspect ratio.
    private static func fitted(_ pixels: Tensor, in frame: Frame) -> Frame {
        let (rows, columns) = (Double(pixels.shape[0]), Double(pixels.shape[1]))
        let scale = min(frame.width / max(columns, 1), frame.height / max(rows, 1))
        return Frame(
            frame.x + (frame.width - columns * scale) / 2,
            frame.y + (frame.height - rows * scale) / 2, columns * scale, rows * scale)
    }
}
