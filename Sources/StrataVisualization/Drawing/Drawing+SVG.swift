internal import Foundation
public import Strata

extension Drawing {
    /// The drawing as a self-contained SVG document.
    ///
    /// - Throws: ``DataError`` if an image within it cannot be encoded.
    public func svg() throws(DataError) -> String {
        let size = "\(Drawing.number(width))\" height=\"\(Drawing.number(height))"
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(size)\" "
                + "viewBox=\"0 0 \(Drawing.number(width)) \(Drawing.number(height))\" "
                + "font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"\(background.code)\"/>",
        ]
        for shape in shapes { lines.append(try Drawing.element(shape)) }
        lines.append("</svg>")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func element(_ shape: Shape) throws(DataError) -> String {
        switch shape {
        case .line(let points, let colour, let width):
            return "<polyline points=\"\(list(points))\" fill=\"none\" stroke=\"\(colour.code)\" "
                + "stroke-width=\"\(number(width))\" stroke-linecap=\"round\" "
                + "stroke-linejoin=\"round\"/>"
        case .rectangle(let frame, let radius, let fill, let stroke, let width):
            var text = "<rect \(attributes(frame)) fill=\"\(fill?.code ?? "none")\""
            if radius > 0 { text += " rx=\"\(number(radius))\"" }
            if let stroke {
                text += " stroke=\"\(stroke.code)\" stroke-width=\"\(number(width))\""
            }
            return text + "/>"
        case .polygon(let points, let colour):
            return "<polygon points=\"\(list(points))\" fill=\"\(colour.code)\"/>"
        case .text(let text):
            return element(text)
        case .image(let pixels, let frame):
            let data = Data(try ImageEncoder.png(pixels)).base64EncodedString()
            return "<image \(attributes(frame)) preserveAspectRatio=\"none\" "
                + "style=\"image-rendering:pixelated\" href=\"data:image/png;base64,\(data)\"/>"
        }
    }

    private static func element(_ text: Text) -> String {
        let (x, y) = (number(text.position.x), number(text.position.y))
        var attributes = "x=\"\(x)\" y=\"\(y)\" font-size=\"\(number(text.size))\""
        attributes += " fill=\"\(text.colour.code)\""
        if text.anchor != .start { attributes += " text-anchor=\"\(text.anchor.rawValue)\"" }
        if text.isBold { attributes += " font-weight=\"bold\"" }
        // Fonts differ in width; a layout for the stroke font must fit any of them. A font's
        // letters have 0.1 of space around them, which the stroke font does not have.
        if text.string.count > 4 {
            let length = Drawing.width(of: text.string, size: text.size) + 0.1 * text.size
            attributes += " textLength=\"\(number(length))\" lengthAdjust=\"spacingAndGlyphs\""
        }
        if text.isUpward { attributes += " transform=\"rotate(-90 \(x) \(y))\"" }
        return "<text \(attributes)>\(text.string.escapedForMarkup)</text>"
    }

    private static func attributes(_ frame: Frame) -> String {
        "x=\"\(number(frame.x))\" y=\"\(number(frame.y))\" width=\"\(number(frame.width))\" "
            + "height=\"\(number(frame.height))\""
    }

    private static func list(_ points: [Point]) -> String {
        points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
    }

    /// In hundredths of a point; NaN is 0, since SVG has no NaN.
    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let rounded = (value * 100).rounded() / 100
        return rounded == rounded.rounded() && abs(rounded) < 1e9 ? "\(Int(rounded))" : "\(rounded)"
    }
}

extension String {
    /// The text escaped for XML and HTML; control characters, which XML forbids, are left out.
    var escapedForMarkup: String {
        var result = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\u{0}"..."\u{8}", "\u{B}"..."\u{C}", "\u{E}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}":
                continue
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
