import Foundation
import Strata
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
}
