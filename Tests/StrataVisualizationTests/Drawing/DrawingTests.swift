import Foundation
import Testing

@testable import Strata
@testable import StrataVisualization

@Suite struct DrawingTests {
    /// The pixel at a place as `[red, green, blue]`.
    private func pixel(_ tensor: Tensor, _ x: Int, _ y: Int) -> [Float] {
        Array(tensor.scalars[(y * tensor.shape[1] + x) * 3..<(y * tensor.shape[1] + x) * 3 + 3])
    }

    @Test func `a rectangle covers its pixels and nothing else`() {
        var drawing = Drawing(width: 6, height: 4)
        drawing.fill(Frame(1, 1, 3, 2), Colour(0x0A141E))
        let pixels = drawing.pixels(scale: 1)
        #expect(pixels.shape == [4, 6, 3])
        for y in 0..<4 {
            for x in 0..<6 {
                let isInside = (1..<4).contains(x) && (1..<3).contains(y)
                #expect(pixel(pixels, x, y) == (isInside ? [10, 20, 30] : [255, 255, 255]))
            }
        }
    }

    /// Half of a black pixel on white is 255 / 2, a quarter of one 255 · 3 / 4, rounded.
    @Test func `edges within a pixel count by their share`() {
        var drawing = Drawing(width: 3, height: 3)
        drawing.fill(Frame(0.5, 0.5, 1.5, 1.5), .black)
        let pixels = drawing.pixels(scale: 1)
        #expect(pixel(pixels, 0, 0)[0] == 191)
        #expect(pixel(pixels, 1, 0)[0] == 128)
        #expect(pixel(pixels, 1, 1)[0] == 0)
        #expect(pixel(pixels, 2, 2)[0] == 255)
    }

    @Test func `twice the scale is twice the pixels`() {
        var drawing = Drawing(width: 2, height: 2)
        drawing.fill(Frame(0, 0, 1, 1), .black)
        let pixels = drawing.pixels(scale: 2)
        #expect(pixels.shape == [4, 4, 3])
        #expect(pixels.scalars.filter { $0 == 0 }.count == 4 * 3)
    }

    /// A line of width 2 along y = 2 covers the rows 1 and 2 between its ends.
    @Test func `a line covers its width`() {
        var drawing = Drawing(width: 8, height: 4)
        drawing.line([Point(2, 2), Point(6, 2)], .black, width: 2)
        let pixels = drawing.pixels(scale: 1)
        for x in 2..<6 {
            #expect((0..<4).map { pixel(pixels, x, $0)[0] } == [255, 0, 0, 255])
        }
        #expect(pixel(pixels, 0, 1)[0] == 255)
    }

    @Test func `pictures are enlarged in squares and shrunk by means`() throws {
        let picture = Tensor([0, 100, 200, 40] as [UInt8], shape: [2, 2, 1])
        var large = Drawing(width: 4, height: 4)
        try large.image(picture, in: Frame(0, 0, 4, 4))
        let enlarged = large.pixels(scale: 1)
        #expect((0..<4).map { pixel(enlarged, $0, 0)[0] } == [0, 0, 100, 100])
        #expect((0..<4).map { pixel(enlarged, $0, 3)[0] } == [200, 200, 40, 40])
        var small = Drawing(width: 1, height: 1)
        try small.image(picture, in: Frame(0, 0, 1, 1))
        #expect(pixel(small.pixels(scale: 1), 0, 0)[0] == 85)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300, -1e300])
    func `places that are no numbers, or far away, draw nothing and do not trap`(place: Double)
        throws
    {
        var drawing = Drawing(width: 4, height: 4)
        drawing.line([Point(place, 1), Point(2, place)], .black)
        drawing.polygon([Point(place, 0), Point(1, place), Point(place, place)], .black)
        drawing.fill(Frame(place, 0, 1, 1), .black)
        drawing.text("x", at: Point(place, place))
        let picture = Tensor([0] as [UInt8], shape: [1, 1, 1])
        try drawing.image(picture, in: Frame(place, 0, 1, 1))
        try drawing.image(picture, in: Frame(0, 0, 1, place))
        #expect(drawing.pixels().shape == [8, 8, 3])
        #expect(try drawing.svg().contains("</svg>"))
    }

    @Test func `a picture that reaches beyond the drawing is cut off`() throws {
        let picture = Tensor([0, 100, 200, 40] as [UInt8], shape: [2, 2, 1])
        var drawing = Drawing(width: 2, height: 2)
        try drawing.image(picture, in: Frame(-1, 1, 2, 2))
        let pixels = drawing.pixels(scale: 1)
        #expect(pixel(pixels, 0, 1)[0] == 100)
        #expect(pixels.scalars.filter { $0 == 255 }.count == 9)
        try drawing.image(picture, in: Frame(-1e8, -1e8, 2e8, 2e8))
        #expect(drawing.pixels(scale: 1).scalars.allSatisfy { $0 == 40 })
    }

    @Test(arguments: [(Double.infinity, 1e6), (1e300, 1e6), (.nan, 1), (-1, 1), (0, 1)])
    func `sizes are from 1 to a million`(given: Double, size: Double) {
        let drawing = Drawing(width: given, height: 1)
        #expect(drawing.width == size && drawing.height == 1)
        #expect(Drawing(width: 2, height: given).height == size)
    }

    /// The letters are 4, 0, 6, 0 and 4 units wide, with four gaps of 2.2: 22.8 · 0.08 · 10 = 18.24, and 1 around
    /// them.
    @Test func `SVG has the shapes, with markup escaped`() throws {
        var drawing = Drawing(width: 10, height: 5.5)
        drawing.fill(Frame(1, 2, 3, 4), Colour(0xFF8800), radius: 2)
        drawing.line([Point(0, 0), Point(1.239, 5)], .black, width: 2)
        drawing.text("<I&I>", at: Point(1, 2), size: 10, anchor: .end, isUpward: true)
        #expect(
            try drawing.svg() == """
                <svg xmlns="http://www.w3.org/2000/svg" width="10" height="5.5" viewBox="0 0 10 5.5" \
                font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif">
                <rect width="100%" height="100%" fill="#ffffff"/>
                <rect x="1" y="2" width="3" height="4" fill="#ff8800" rx="2"/>
                <polyline points="0,0 1.24,5" fill="none" stroke="#000000" stroke-width="2" \
                stroke-linecap="round" stroke-linejoin="round"/>
                <text x="1" y="2" font-size="10" fill="#000000" text-anchor="end" \
                textLength="19.24" lengthAdjust="spacingAndGlyphs" \
                transform="rotate(-90 1 2)">&lt;I&amp;I&gt;</text>
                </svg>

                """)
    }

    @Test func `a picture in SVG is the PNG of its pixels`() throws {
        let pixels = Tensor([1, 2, 3, 4, 5, 6] as [UInt8], shape: [1, 2, 3])
        var drawing = Drawing(width: 2, height: 1)
        try drawing.image(pixels, in: Frame(0, 0, 2, 1))
        let text = try drawing.svg()
        let start = try #require(text.range(of: "base64,"))
        let end = try #require(text.range(of: "\"/>", range: start.upperBound..<text.endIndex))
        let data = try #require(
            Data(base64Encoded: String(text[start.upperBound..<end.lowerBound])))
        #expect(try ImageDecoder.decode(Array(data)) == pixels)
    }

    @Test func `every printable character of ASCII has strokes of its own`() {
        let characters = (33..<127).compactMap { Unicode.Scalar($0).map(String.init) }
        let drawn = characters.map { StrokeFont.glyphs($0).flatMap(\.strokes) }
        #expect(Set(drawn).count == characters.count)
        #expect(StrokeFont.glyphs("é").map(\.strokes) == StrokeFont.glyphs("e").map(\.strokes))
    }

    @Test func `files are PNG or SVG by their ending, and others are refused`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("drawing-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let drawing = Drawing(width: 3, height: 2)
        try drawing.write(to: folder.appendingPathComponent("a.png").path)
        let decoded = try ImageDecoder.decode(file: folder.appendingPathComponent("a.png").path)
        #expect(decoded == Tensor([UInt8](repeating: 255, count: 72), shape: [4, 6, 3]))
        try drawing.write(to: folder.appendingPathComponent("a.SVG").path)
        let error = #expect(throws: DataError.self) { try drawing.write(to: "a.jpeg") }
        #expect(
            error?.description
                == "a.jpeg is neither a .png nor a .svg; let its name end in one of them")
    }
}
