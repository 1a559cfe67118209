internal import Foundation

/// The stroke font of PNG pictures, for any size and direction.
///
/// One unit is 0.08 of a text's size. Capitals are 9 units high, small letters 6, and descenders
/// reach 3 units below the baseline.
enum StrokeFont {
    static let unit = 0.08
    /// Between two letters, in units.
    private static let gap = 2.2
    private static let space = 3.6

    struct Glyph {
        /// In units from the start of the baseline, y upward.
        var strokes: [[Point]]
        var advance: Double
    }

    /// The width of a text of size 1.
    static func width(of string: String) -> Double {
        let advances = glyphs(string).reduce(0) { $0 + $1.advance }
        return max(advances - gap, 0) * unit
    }

    /// The letters of a text; accents are left out, and unknown characters are boxes.
    static func glyphs(_ string: String) -> [Glyph] {
        string.decomposedStringWithCanonicalMapping.unicodeScalars.compactMap { scalar in
            if scalar.properties.canonicalCombiningClass != .notReordered { return nil }
            if scalar == " " { return Glyph(strokes: [], advance: space) }
            return all[Character(scalar)] ?? unknown
        }
    }

    private static let unknown = Glyph(
        strokes: [[Point(0, 0), Point(0, 9), Point(5, 9), Point(5, 0), Point(0, 0)]],
        advance: 5 + gap)

    private static let all: [Character: Glyph] = Dictionary(
        uniqueKeysWithValues: table.map { ($0.key, glyph($0.value)) })

    private static func glyph(_ code: String) -> Glyph {
        let strokes = code.split(separator: " ").map(stroke)
        let width = strokes.joined().map(\.x).max() ?? 0
        return Glyph(strokes: strokes, advance: width + gap)
    }

    /// A stroke from its code: pairs of a digit for x and a letter for y, `a` for −3 to `m` for 9; a
    /// stroke that begins with `~` has its corners rounded.
    private static func stroke(_ code: Substring) -> [Point] {
        let isRound = code.first == "~"
        let bytes = Array(code.utf8.drop { $0 == UInt8(ascii: "~") })
        let points = stride(from: 0, to: bytes.count - 1, by: 2).map { index in
            Point(
                Double(bytes[index]) - Double(UInt8(ascii: "0")),
                Double(bytes[index + 1]) - Double(UInt8(ascii: "d")))
        }
        return isRound ? (0..<3).reduce(points) { points, _ in rounded(points) } : points
    }

    /// Cuts corners at a quarter of each side (Chaikin, 1974); repeated, it draws a curve.
    private static func rounded(_ points: [Point]) -> [Point] {
        guard points.count > 2, let first = points.first, let last = points.last else {
            return points
        }
        let isClosed = first == last
        var result = isClosed ? [] : [first]
        for (a, b) in zip(points, points.dropFirst()) {
            result.append(Point(0.75 * a.x + 0.25 * b.x, 0.75 * a.y + 0.25 * b.y))
            result.append(Point(0.25 * a.x + 0.75 * b.x, 0.25 * a.y + 0.75 * b.y))
        }
        result.append(isClosed ? result[0] : last)
        return result
    }
}
