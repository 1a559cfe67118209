import Strata
import StrataVisualization

/// An image as lines of characters, each of which is two pixels, one above the other.
struct CharacterPicture {
    /// From dark to bright.
    private static let ramp = Array(" .:-=+*#%@")
    /// The levels of red, green and blue in the 216 colours of xterm's 256.
    private static let levels = [0, 95, 135, 175, 215, 255]

    private let width: Int
    private let columns: Int
    private let rows: Int
    /// `float32 [2 · rows, columns, 3]`.
    private let pixels: [Float]
    /// Letters in front of the image, by row and column.
    private var letters: [Int: [Int: String]] = [:]

    /// - Parameters:
    ///   - picture: `uint8 [height, width, channels]`.
    ///   - width: the length of each line; small images are not enlarged.
    init(_ picture: Tensor, width: Int) throws {
        self.width = width
        columns = min(width, picture.shape[1])
        // A character is about twice as high as wide.
        let height = Double(picture.shape[0] * columns) / Double(picture.shape[1])
        rows = min(max(1, Int((height / 2).rounded())), width)
        pixels = try picture.converted(to: .rgb).resized(to: [2 * rows, columns]).scalars
    }

    /// A drawing whose texts are written as characters, since half blocks are too large for them.
    init(_ drawing: Drawing, width: Int) throws {
        let (labels, rest) = drawing.separatingLabels()
        try self.init(rest.pixels(scale: 1), width: width)
        for label in labels {
            let row = Int(label.position.y / drawing.height * Double(rows))
            let index = Int((label.position.x / drawing.width * Double(columns)).rounded(.down))
            let start =
                switch label.anchor {
                case .start: index
                case .middle: index - label.text.columnCount / 2
                case .end: index - label.text.columnCount
                }
            write(label.text, row: row, from: max(0, min(start, columns - label.text.columnCount)))
        }
    }

    /// Writes a text where no other one is, as far as the line goes.
    private mutating func write(_ text: String, row: Int, from start: Int) {
        guard (0..<rows).contains(row) else { return }
        let taken = letters[row] ?? [:]
        let end = start + text.columnCount
        guard !taken.keys.contains(where: { $0 >= start - 1 && $0 <= end }) else { return }
        var column = start
        for letter in text.map(String.init) {
            let width = letter.columnCount
            guard width > 0, column + width <= columns else { continue }
            letters[row, default: [:]][column] = letter
            // A wide letter covers the next column too.
            if width == 2 { letters[row, default: [:]][column + 1] = "" }
            column += width
        }
    }

    /// Coloured half blocks, or without colours characters that are denser for brighter pixels.
    func lines(hasColours: Bool) -> [String] {
        let end = (hasColours ? "\u{1B}[0m" : "") + String(repeating: " ", count: width - columns)
        return (0..<rows).map { row in
            (0..<columns).map { column in
                let (upper, lower) = (colour(2 * row, column), colour(2 * row + 1, column))
                if let letter = letters[row]?[column] {
                    if letter.isEmpty { return "" }
                    // Black on bright pixels, white on dark ones.
                    let ink = upper.brightness + lower.brightness < 256 ? 231 : 16
                    return hasColours
                        ? "\u{1B}[38;5;\(ink);48;5;\(upper.code)m\(letter)" : letter
                }
                return hasColours
                    ? "\u{1B}[38;5;\(upper.code);48;5;\(lower.code)m▀"
                    : String(character(upper, lower))
            }.joined() + end
        }
    }

    private func character(_ upper: Colour, _ lower: Colour) -> Character {
        let brightness = (upper.brightness + lower.brightness) / 2
        let count = CharacterPicture.ramp.count
        return CharacterPicture.ramp[min(Int(brightness / 256 * Float(count)), count - 1)]
    }

    private struct Colour {
        let red: Float
        let green: Float
        let blue: Float

        /// The luma of ITU-R BT.601.
        var brightness: Float { 0.299 * red + 0.587 * green + 0.114 * blue }

        /// The nearest of xterm's 256 colours: 24 greys from 232 on, 8 … 238, or a cube from 16 on.
        var code: Int {
            if max(red, green, blue) - min(red, green, blue) < 8 {
                if red < 4 { return 16 }
                if red > 246 { return 231 }
                return 232 + min(max(Int(((red - 8) / 10).rounded()), 0), 23)
            }
            let levels = CharacterPicture.levels
            let positions = [red, green, blue].map { value in
                levels.indices.min {
                    abs(Float(levels[$0]) - value) < abs(Float(levels[$1]) - value)
                } ?? 0
            }
            return 16 + 36 * positions[0] + 6 * positions[1] + positions[2]
        }
    }

    private func colour(_ row: Int, _ column: Int) -> Colour {
        let index = (row * columns + column) * 3
        return Colour(red: pixels[index], green: pixels[index + 1], blue: pixels[index + 2])
    }
}
