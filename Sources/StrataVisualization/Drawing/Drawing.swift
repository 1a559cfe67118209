public import Strata

/// A picture as a list of shapes, written as PNG or SVG.
///
/// ```swift
/// var drawing = Drawing(width: 200, height: 100)
/// drawing.fill(Frame(20, 20, 60, 60), Colour(0x0072B2))
/// drawing.text("a square", at: Point(100, 55), size: 14)
/// try drawing.write(to: "square.png")
/// ```
///
/// Lengths are in points, a 72nd of an inch; x grows to the right, y downward.
public struct Drawing: Sendable, Hashable {
    /// The alignment of a text at its point.
    public enum Anchor: String, Sendable, Hashable {
        case start
        case middle
        case end
    }

    enum Shape: Sendable, Hashable {
        case line([Point], Colour, width: Double)
        case rectangle(Frame, radius: Double, fill: Colour?, stroke: Colour?, width: Double)
        case polygon([Point], Colour)
        case text(Text)
        /// `uint8 [height, width, 3]`.
        case image(Tensor, Frame)
    }

    struct Text: Sendable, Hashable {
        var string: String
        /// The start, middle or end of the baseline.
        var position: Point
        var size: Double
        var colour: Colour
        var anchor: Anchor
        var isBold: Bool
        /// Whether the text runs upward.
        var isUpward: Bool
    }

    public let width: Double
    public let height: Double
    public let background: Colour
    private(set) var shapes: [Shape] = []

    /// An empty picture; sizes below 1 become 1, and those above a million a million.
    public init(width: Double, height: Double, background: Colour = .white) {
        self.width = width >= 1 ? min(width, 1e6) : 1
        self.height = height >= 1 ? min(height, 1e6) : 1
        self.background = background
    }

    /// Adds lines from point to point, with round ends.
    public mutating func line(_ points: [Point], _ colour: Colour, width: Double = 1) {
        guard !points.isEmpty else { return }
        shapes.append(.line(points, colour, width: width))
    }

    /// Adds a filled rectangle, whose corners may be round.
    public mutating func fill(_ frame: Frame, _ colour: Colour, radius: Double = 0) {
        shapes.append(.rectangle(frame, radius: radius, fill: colour, stroke: nil, width: 0))
    }

    /// Adds the outline of a rectangle, centred on its edge.
    public mutating func stroke(
        _ frame: Frame, _ colour: Colour, width: Double = 1, radius: Double = 0
    ) {
        shapes.append(.rectangle(frame, radius: radius, fill: nil, stroke: colour, width: width))
    }

    /// Adds a filled circle.
    public mutating func dot(_ centre: Point, radius: Double, _ colour: Colour) {
        fill(
            Frame(centre.x - radius, centre.y - radius, 2 * radius, 2 * radius), colour,
            radius: radius)
    }

    /// Adds a filled polygon.
    public mutating func polygon(_ points: [Point], _ colour: Colour) {
        shapes.append(.polygon(points, colour))
    }

    /// Adds a line of text.
    ///
    /// - Parameters:
    ///   - string: the text; PNG has letters without accents, SVG all of a browser.
    ///   - position: the start, middle or end of the baseline.
    ///   - size: the height of a line of text; capitals are 0.72 of it.
    ///   - colour: the text's colour.
    ///   - anchor: the part of the text at `position`.
    ///   - isBold: whether the text is bold.
    ///   - isUpward: whether the text runs from bottom to top.
    public mutating func text(
        _ string: String, at position: Point, size: Double = 12, _ colour: Colour = .black,
        anchor: Anchor = .start, isBold: Bool = false, isUpward: Bool = false
    ) {
        shapes.append(
            .text(
                Text(
                    string: string, position: position, size: size, colour: colour, anchor: anchor,
                    isBold: isBold, isUpward: isUpward)))
    }

    /// Adds an image, stretched to the frame; enlarged pixels stay squares.
    ///
    /// - Parameter pixels: `uint8 [height, width, channels]` with 1 to 4 channels.
    /// - Throws: ``DataError/unsuitableImage(problem:fix:)`` for another tensor.
    public mutating func image(_ pixels: Tensor, in frame: Frame) throws(DataError) {
        shapes.append(.image(try pixels.converted(to: .rgb), frame))
    }

    mutating func add(_ shape: Shape) { shapes.append(shape) }

    /// Adds another drawing without its background, with its upper left corner at a point.
    public mutating func add(_ other: Drawing, at corner: Point) {
        shapes += other.shapes.map { $0.moved(by: corner) }
    }

    /// The width of a text in a PNG, close to that in browsers.
    public static func width(of string: String, size: Double) -> Double {
        StrokeFont.width(of: string) * size
    }

    /// A text shortened to a width, with an ellipsis.
    static func shortened(_ string: String, to width: Double, size: Double) -> String {
        if self.width(of: string, size: size) <= width { return string }
        var kept = Substring(string)
        while !kept.isEmpty, self.width(of: kept + "…", size: size) > width { kept.removeLast() }
        return kept + "…"
    }
}

/// A point in a ``Drawing``.
public struct Point: Sendable, Hashable {
    public var x: Double
    public var y: Double

    public init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }

    static func + (left: Point, right: Point) -> Point {
        Point(left.x + right.x, left.y + right.y)
    }
}

/// A rectangle in a ``Drawing``.
public struct Frame: Sendable, Hashable {
    public var x: Double
    public var y: Double
    public var width: Double
    public var height: Double

    /// A rectangle by its upper left corner and its size.
    public init(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }
}

extension Drawing.Shape {
    fileprivate func moved(by way: Point) -> Drawing.Shape {
        switch self {
        case .line(let points, let colour, let width):
            return .line(points.map { $0 + way }, colour, width: width)
        case .rectangle(var frame, let radius, let fill, let stroke, let width):
            frame.x += way.x
            frame.y += way.y
            return .rectangle(frame, radius: radius, fill: fill, stroke: stroke, width: width)
        case .polygon(let points, let colour):
            return .polygon(points.map { $0 + way }, colour)
        case .text(var text):
            text.position = text.position + way
            return .text(text)
        case .image(let pixels, var frame):
            frame.x += way.x
            frame.y += way.y
            return .image(pixels, frame)
        }
    }
}
