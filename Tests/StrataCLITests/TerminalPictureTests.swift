import Foundation
import Strata
import StrataVisualization
import Testing

@testable import StrataCLI

@Suite struct TerminalPictureTests {
    /// Red over blue, then white twice: the bits 1 and 2 of the first two columns.
    @Test func `sixels are bands of six rows, a string for each colour`() {
        let pixels = Tensor(
            [
                255, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
                0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
            ] as [UInt8], shape: [2, 5, 3])
        #expect(
            TerminalPicture(pixels: pixels).sixel
                == "\u{1B}P0;1q\"1;1;5;2#5;2;0;0;100#180;2;100;0;0#215;2;100;100;100"
                + "#5A!4?$#180@!4?$#215?!4B-\u{1B}\\")
    }

    @Test func `kitty gets a PNG in pieces of 4096 characters`() {
        let picture = TerminalPicture(pixels: Tensor([0, 0, 0] as [UInt8], shape: [1, 1, 3]))
        #expect(picture.kitty([1, 2, 3]) == "\u{1B}_Ga=T,f=100,m=0;AQID\u{1B}\\")
        let long = picture.kitty([UInt8](repeating: 0, count: 4000))
        let pieces = long.components(separatedBy: "\u{1B}\\").dropLast()
        #expect(pieces.count == 2)
        #expect(pieces.first?.hasPrefix("\u{1B}_Ga=T,f=100,m=1;AAAA") == true)
        #expect(pieces.first?.count == "\u{1B}_Ga=T,f=100,m=1;".count + 4096)
        // 4000 bytes are 5336 characters.
        #expect(pieces.last?.count == "\u{1B}_Gm=0;".count + 1240)
    }

    @Test(arguments: [
        (["TERM": "xterm-kitty"], Terminal.Graphics.kitty),
        (["TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"], .kitty),
        (["TERM": "foot-extra"], .sixel), (["TERM": "xterm-256color"], .characters),
        (["TERM": "xterm", "TERM_PROGRAM": "WezTerm"], .sixel),
        (["TERM": "xterm-kitty", "STRATA_GRAPHICS": "characters"], .characters), ([:], .characters),
    ]) func `the terminal's name tells what it can show`(
        environment: [String: String], graphics: Terminal.Graphics
    ) {
        #expect(Terminal.Graphics(environment) == graphics)
    }

    @Test func `in characters a drawing's texts are letters, not pixels`() throws {
        var drawing = Drawing(width: 20, height: 40)
        drawing.fill(Frame(0, 20, 20, 20), .black)
        drawing.text("left", at: Point(0, 8), size: 6)
        // In the same row, and nearer than a letter: there is no room for it.
        drawing.text("over", at: Point(3, 8), size: 6)
        drawing.text("mid", at: Point(10, 14), size: 6, anchor: .middle)
        drawing.text("end", at: Point(20, 30), size: 6, .white, anchor: .end)
        drawing.text("up", at: Point(10, 30), size: 6, isUpward: true)
        let picture = try CharacterPicture(drawing, width: 20)
        let bright = String(repeating: "@", count: 20)
        let dark = String(repeating: " ", count: 20)
        var lines = Array(repeating: bright, count: 10) + Array(repeating: dark, count: 10)
        lines[2] = "left" + bright.dropLast(4)
        lines[5] = bright.dropLast(11) + "mid" + bright.dropLast(12)
        lines[13] = dark.dropLast(3) + "end"
        #expect(picture.lines(hasColours: false) == lines)
        let coloured = picture.lines(hasColours: true)
        #expect(coloured[2].hasPrefix("\u{1B}[38;5;16;48;5;231ml"))
        #expect(coloured[13].hasSuffix("\u{1B}[38;5;231;48;5;16md\u{1B}[0m"))
    }

    @Test(arguments: [20, 40, 60, 79, 80, 120, 200], [1, 5, 7])
    func `galleries fit the terminal, whatever the classes are called`(
        width: Int, count: Int
    ) throws {
        let names = ["長い長い長い長い長い長い名前", "a very long name of a class of pictures"]
        let pixels = Tensor([UInt8](repeating: 200, count: 28 * 28), shape: [28, 28, 1])
        let predictions = (0..<count).map { index in
            Prediction(
                picture: Picture(
                    name: "絵.png", pixels: pixels, label: index % 2, classNames: names),
                probabilities: [0.25, 0.75], classNames: names)
        }
        let text = try PictureGallery(predictions).text(
            for: Terminal(width: width, hasColours: false))
        let lines = text.split(separator: "\n")
        #expect(lines.allSatisfy { $0.columnCount <= width })
        #expect(text.contains("true: "))
        #expect(text.ranges(of: "75.0 %").count == count)
    }

    @Test func `wide letters in a drawing move nothing`() throws {
        var drawing = Drawing(width: 20, height: 40)
        drawing.text("長い", at: Point(0, 8), size: 6)
        let lines = try CharacterPicture(drawing, width: 20).lines(hasColours: false)
        #expect(lines[2] == "長い" + String(repeating: "@", count: 16))
        #expect(lines.allSatisfy { $0.columnCount == 20 })
    }
}
