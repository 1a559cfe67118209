internal import Strata

/// An anti-aliasing rasterizer of shapes.
///
/// A pixel's coverage follows from the distance of its centre to the shape's edge, which is exact
/// to a few hundredths for edges that are straight within a pixel.
struct Rasterizer {
    /// Longer lines are split, so that a diagonal one does not visit all pixels of its bounding
    /// box.
    private static let longestPiece = 24.0

    private let scale: Double
    private let width: Int
    private let height: Int
    private var pixels: [UInt8]

    init(_ drawing: Drawing, scale: Double) {
        self.scale = scale
        width = max(Int((drawing.width * scale).rounded()), 1)
        height = max(Int((drawing.height * scale).rounded()), 1)
        let paper = drawing.background
        pixels = Array(repeating: paper.red, count: width * height * 3)
        if paper.green != paper.red || paper.blue != paper.red {
            for offset in stride(from: 0, to: pixels.count, by: 3) {
                pixels[offset + 1] = paper.green
                pixels[offset + 2] = paper.blue
            }
        }
        for shape in drawing.shapes { draw(shape) }
    }

    /// `uint8 [height, width, 3]`.
    var tensor: Tensor { Tensor(pixels, shape: [height, width, 3]) }

    private mutating func draw(_ shape: Drawing.Shape) {
        switch shape {
        case .line(let points, let colour, let width):
            line(points.map(scaled), colour, width: width * scale)
        case .rectangle(let frame, let radius, let fill, let stroke, let width):
            if let fill { rectangle(frame, radius, fill, thickness: nil) }
            if let stroke { rectangle(frame, radius, stroke, thickness: width * scale) }
        case .polygon(let points, let colour):
            polygon(points.map(scaled), colour)
        case .text(let text):
            self.text(text)
        case .image(let image, let frame):
            self.image(image, frame)
        }
    }

    private func scaled(_ point: Point) -> Point { Point(point.x * scale, point.y * scale) }

    // MARK: Pixels

    /// The existing pixels from `low` up to `high`; none for NaN.
    private func span(_ low: Double, _ high: Double, _ limit: Int) -> Range<Int> {
        guard low.isFinite, high.isFinite else { return 0..<0 }
        let first = Int(min(max(low.rounded(.down), 0), Double(limit)))
        let last = Int(min(max(high.rounded(.up), 0), Double(limit)))
        return first..<max(first, last)
    }

    private mutating func blend(_ x: Int, _ y: Int, _ colour: Colour, _ share: Double) {
        let offset = (y * width + x) * 3
        if share >= 1 {
            pixels[offset] = colour.red
            pixels[offset + 1] = colour.green
            pixels[offset + 2] = colour.blue
            return
        }
        // In 1/256, rounded.
        let weight = Int(share * 256 + 0.5)
        let rest = 256 - weight
        pixels[offset] = UInt8((Int(pixels[offset]) * rest + Int(colour.red) * weight + 128) >> 8)
        pixels[offset + 1] = UInt8(
            (Int(pixels[offset + 1]) * rest + Int(colour.green) * weight + 128) >> 8)
        pixels[offset + 2] = UInt8(
            (Int(pixels[offset + 2]) * rest + Int(colour.blue) * weight + 128) >> 8)
    }

    // MARK: Lines

    private mutating func line(_ points: [Point], _ colour: Colour, width: Double) {
        var shares: [Int: Double] = [:]
        let radius = max(width, 0.7) / 2
        let ends = points.count == 1 ? points + points : points
        for (a, b) in zip(ends, ends.dropFirst()) { cover(a, b, radius, &shares) }
        // Each pixel once: where two pieces meet, their coverage is that of one shape.
        for (offset, share) in shares {
            blend(offset % self.width, offset / self.width, colour, share)
        }
    }

    private func cover(_ a: Point, _ b: Point, _ radius: Double, _ shares: inout [Int: Double]) {
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let length = (dx * dx + dy * dy).squareRoot()
        guard length.isFinite, length < 1e6 else { return }
        let pieces = max(1, Int((length / Rasterizer.longestPiece).rounded(.up)))
        let square = max(length * length, 1e-12)
        for piece in 0..<pieces {
            let (start, end) = (Double(piece) / Double(pieces), Double(piece + 1) / Double(pieces))
            let xs = [a.x + dx * start, a.x + dx * end]
            let ys = [a.y + dy * start, a.y + dy * end]
            let reach = radius + 1
            for y in span(min(ys[0], ys[1]) - reach, max(ys[0], ys[1]) + reach, height) {
                let py = Double(y) + 0.5 - a.y
                for x in span(min(xs[0], xs[1]) - reach, max(xs[0], xs[1]) + reach, width) {
                    let px = Double(x) + 0.5 - a.x
                    let along = min(max((px * dx + py * dy) / square, 0), 1)
                    let (ex, ey) = (px - along * dx, py - along * dy)
                    let share = radius + 0.5 - (ex * ex + ey * ey).squareRoot()
                    guard share > 0 else { continue }
                    let offset = y * width + x
                    if share > shares[offset] ?? 0 { shares[offset] = min(share, 1) }
                }
            }
        }
    }

    private mutating func text(_ text: Drawing.Text) {
        let unit = text.size * StrokeFont.unit * scale
        let length = StrokeFont.width(of: text.string) * text.size * scale
        let offset: Double =
            switch text.anchor {
            case .start: 0
            case .middle: -length / 2
            case .end: -length
            }
        let origin = scaled(text.position)
        var cursor = offset
        for glyph in StrokeFont.glyphs(text.string) {
            for stroke in glyph.strokes {
                let points = stroke.map { point in
                    let (along, up) = (cursor + point.x * unit, point.y * unit)
                    return text.isUpward
                        ? Point(origin.x - up, origin.y - along)
                        : Point(origin.x + along, origin.y - up)
                }
                line(points, text.colour, width: unit * (text.isBold ? 1.6 : 1.05))
            }
            cursor += glyph.advance * unit
        }
    }

    // MARK: Areas

    /// - Parameter thickness: of the outline; `nil` for a filled area.
    private mutating func rectangle(
        _ frame: Frame, _ radius: Double, _ colour: Colour, thickness: Double?
    ) {
        let (left, top) = (frame.x * scale, frame.y * scale)
        let halfWidth = frame.width * scale / 2
        let halfHeight = frame.height * scale / 2
        let corner = min(radius * scale, halfWidth, halfHeight)
        let reach = (thickness ?? 0) / 2 + 1
        for y in span(top - reach, top + 2 * halfHeight + reach, height) {
            let dy = abs(Double(y) + 0.5 - top - halfHeight) - halfHeight + corner
            for x in span(left - reach, left + 2 * halfWidth + reach, width) {
                let dx = abs(Double(x) + 0.5 - left - halfWidth) - halfWidth + corner
                let share: Double
                if thickness == nil, corner == 0 {
                    // Exact for the corners too, where a distance is not.
                    share = min(max(0.5 - dx, 0), 1) * min(max(0.5 - dy, 0), 1)
                } else {
                    let (ox, oy) = (max(dx, 0), max(dy, 0))
                    let distance =
                        (ox * ox + oy * oy).squareRoot() + min(max(dx, dy), 0) - corner
                    let edge = thickness.map { abs(distance) - $0 / 2 } ?? distance
                    share = 0.5 - edge
                }
                if share > 0 { blend(x, y, colour, share) }
            }
        }
    }

    /// Counts how many of 16 sample points in each pixel are inside (even-odd rule).
    private mutating func polygon(_ points: [Point], _ colour: Colour) {
        guard points.count > 2 else { return }
        let (xs, ys) = (points.map(\.x), points.map(\.y))
        for y in span(ys.min() ?? 0, ys.max() ?? 0, height) {
            for x in span(xs.min() ?? 0, xs.max() ?? 0, width) {
                var count = 0
                for sample in 0..<16 {
                    let px = Double(x) + (Double(sample % 4) + 0.5) / 4
                    let py = Double(y) + (Double(sample / 4) + 0.5) / 4
                    if Rasterizer.contains(points, px, py) { count += 1 }
                }
                if count > 0 { blend(x, y, colour, Double(count) / 16) }
            }
        }
    }

    private static func contains(_ points: [Point], _ x: Double, _ y: Double) -> Bool {
        var isInside = false
        for index in points.indices {
            let (a, b) = (points[index], points[(index + 1) % points.count])
            if (a.y > y) != (b.y > y), x < (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x {
                isInside.toggle()
            }
        }
        return isInside
    }

    /// Enlarged pixels are squares; reduced ones are averaged.
    private mutating func image(_ image: Tensor, _ frame: Frame) {
        guard case .uint8(let source) = image.storage, image.rank == 3, !source.isEmpty else {
            return
        }
        // Beyond these, products of positions would overflow.
        let numbers = [frame.x, frame.y, frame.width, frame.height]
        guard numbers.allSatisfy({ abs($0 * scale) < 1e9 }) else { return }
        let left = Int((frame.x * scale).rounded())
        let top = Int((frame.y * scale).rounded())
        let columns = Int(((frame.x + frame.width) * scale).rounded()) - left
        let rows = Int(((frame.y + frame.height) * scale).rounded()) - top
        guard columns > 0, rows > 0 else { return }
        let (sourceRows, sourceColumns) = (image.shape[0], image.shape[1])
        for row in Rasterizer.visible(rows, from: top, height) {
            let ys = Rasterizer.source(row, of: rows, sourceRows)
            for column in Rasterizer.visible(columns, from: left, width) {
                let xs = Rasterizer.source(column, of: columns, sourceColumns)
                let offset = ((top + row) * width + left + column) * 3
                for channel in 0..<3 {
                    var sum = 0
                    for y in ys {
                        for x in xs { sum += Int(source[(y * sourceColumns + x) * 3 + channel]) }
                    }
                    pixels[offset + channel] = UInt8(sum / (ys.count * xs.count))
                }
            }
        }
    }

    /// The rows or columns of an image that are within the picture.
    private static func visible(_ count: Int, from start: Int, _ limit: Int) -> Range<Int> {
        let first = max(-start, 0)
        return first..<max(first, min(count, limit - start))
    }

    private static func source(_ index: Int, of count: Int, _ sourceCount: Int) -> Range<Int> {
        let first = index * sourceCount / count
        return first..<max(first + 1, (index + 1) * sourceCount / count)
    }
}
