import Foundation
import Strata
import StrataVisualization

/// An image in a terminal, in the best supported way.
struct TerminalPicture {
    /// `uint8 [height, width, 3]`.
    private let pixels: Tensor
    private let drawing: Drawing?

    init(_ drawing: Drawing) {
        pixels = drawing.pixels(scale: 1)
        self.drawing = drawing
    }

    init(pixels: Tensor) {
        self.pixels = pixels
        drawing = nil
    }

    func text(for terminal: Terminal) throws -> String {
        switch terminal.graphics {
        case .kitty: return kitty(try ImageEncoder.png(pixels))
        case .sixel: return sixel
        case .characters:
            let picture =
                try drawing.map { try CharacterPicture($0, width: terminal.width) }
                ?? CharacterPicture(pixels, width: terminal.width)
            return picture.lines(hasColours: terminal.hasColours).joined(separator: "\n")
        }
    }

    /// The terminal graphics protocol of kitty: a PNG in base 64, in pieces of at most 4096 characters,
    /// of which all but the last say that there is more.
    func kitty(_ png: [UInt8]) -> String {
        let code = Array(Data(png).base64EncodedString().utf8)
        let starts = Array(stride(from: 0, to: code.count, by: 4096))
        return starts.map { start in
            let piece = String(
                decoding: code[start..<min(start + 4096, code.count)], as: UTF8.self)
            let first = start == 0 ? "a=T,f=100," : ""
            return "\u{1B}_G\(first)m=\(start == starts.last ? 0 : 1);\(piece)\u{1B}\\"
        }.joined()
    }

    /// The picture as DEC's sixels, bands of six rows.
    ///
    /// For each colour of a band there is one character per column, whose bits are the rows with
    /// that colour. Colours are rounded to 6 steps of red, green and blue.
    var sixel: String {
        let (height, width) = (pixels.shape[0], pixels.shape[1])
        let steps: [Int] = pixels.scalars.map { value in Int((value / 51).rounded()) }
        let codes: [Int] = (0..<height * width).map { position in
            let red = steps[3 * position]
            let green = steps[3 * position + 1]
            return 36 * red + 6 * green + steps[3 * position + 2]
        }
        var text = "\u{1B}P0;1q\"1;1;\(width);\(height)"
        for code in Set(codes).sorted() {
            // In percent.
            text += "#\(code);2;\(code / 36 * 20);\(code / 6 % 6 * 20);\(code % 6 * 20)"
        }
        for top in stride(from: 0, to: height, by: 6) {
            let rows = top..<min(top + 6, height)
            var bits: [Int: [UInt8]] = [:]
            for row in rows {
                for column in 0..<width {
                    let code = codes[row * width + column]
                    bits[code, default: Array(repeating: 0, count: width)][column] |=
                        1 << UInt8(row - top)
                }
            }
            let lines = bits.sorted { $0.key < $1.key }.map { code, pattern in
                "#\(code)" + Self.runs(pattern)
            }
            text += lines.joined(separator: "$") + "-"
        }
        return text + "\u{1B}\\"
    }

    /// Repeated characters as `!count` and one of them, if that is shorter.
    private static func runs(_ pattern: [UInt8]) -> String {
        var text = ""
        var index = 0
        while index < pattern.count {
            let end = pattern[index...].firstIndex { $0 != pattern[index] } ?? pattern.count
            let character = String(UnicodeScalar(63 + pattern[index]))
            let count = end - index
            text += count > 3 ? "!\(count)\(character)" : String(repeating: character, count: count)
            index = end
        }
        return text
    }
}
