/// Text in terminal columns, where Chinese characters and emoji are two columns wide.
extension StringProtocol {
    /// The width of the text in terminal columns.
    package var columnCount: Int { reduce(0) { $0 + $1.columnCount } }

    /// The text shortened to a number of columns, with an ellipsis.
    package func shortened(toColumns limit: Int) -> String {
        if columnCount <= limit { return String(self) }
        guard limit > 0 else { return "" }
        var (kept, width) = ("", 0)
        for character in self {
            guard width + character.columnCount < limit else { break }
            kept.append(character)
            width += character.columnCount
        }
        return kept + "…"
    }

    /// The text padded with spaces to a number of columns: after it, or before it with
    /// `alignsRight`.
    package func padded(toColumns count: Int, alignsRight: Bool = false) -> String {
        let blanks = String(repeating: " ", count: Swift.max(count - columnCount, 0))
        return alignsRight ? blanks + self : self + blanks
    }
}

extension String {
    /// A progress bar for `done` of `total`.
    static func progressBar(_ done: Int, of total: Int, columns: Int) -> String {
        let share = total > 0 ? Double(Swift.min(Swift.max(done, 0), total)) / Double(total) : 0
        // 1e-9: the rounding error of a quotient.
        let filled = Int(share * Double(columns) + 1e-9)
        return String(repeating: "━", count: filled)
            + String(repeating: "─", count: columns - filled)
    }
}

extension Character {
    /// Wide and fullwidth characters of Unicode's annex 11 take two columns, combining ones none.
    fileprivate var columnCount: Int {
        if unicodeScalars.allSatisfy(\.isWithoutForm) { return 0 }
        let isEmoji = unicodeScalars.contains {
            $0.properties.isEmojiPresentation || $0.value == 0xFE0F
        }
        return isEmoji || unicodeScalars.contains(where: \.isWide) ? 2 : 1
    }
}

extension Unicode.Scalar {
    fileprivate var isWithoutForm: Bool {
        switch properties.generalCategory {
        case .control, .format, .nonspacingMark, .enclosingMark: true
        default: false
        }
    }

    fileprivate var isWide: Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
