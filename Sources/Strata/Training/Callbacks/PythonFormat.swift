internal import Foundation

/// Python's format specifications for numbers, as file names use them: `02d`, `.2f`, `>8.3e`
/// without fill and alignment (Python 3 documentation, "Format Specification Mini-Language").
struct PythonFormat {
    private var isZeroPadded = false
    private var width = 0
    private var precision: Int?
    private var kind: Character?

    /// - Returns: `nil` for any other specification.
    init?(_ specification: String) {
        var rest = specification[...]
        if rest.first == "0" {
            isZeroPadded = true
            rest.removeFirst()
        }
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(digits.count)
        width = digits.isEmpty ? 0 : Int(digits) ?? .max
        if rest.first == "." {
            let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            guard let number = Int(digits) else { return nil }
            precision = number
            rest = rest.dropFirst(1 + digits.count)
        }
        kind = rest.first
        // File names have 255 bytes at most.
        guard rest.count <= 1, kind.map("dfFeEgG%".contains) ?? true, width <= 255,
            precision ?? 0 <= 255
        else { return nil }
    }

    /// The text for an integer; `nil` if the specification is for other numbers.
    func text(_ value: Int) -> String? {
        switch kind {
        case nil, "d"?: precision == nil ? padded("\(value)") : nil
        default: text(Float(value))
        }
    }

    /// The text for a number; `nil` if the specification is for integers.
    func text(_ value: Float) -> String? {
        let digits = precision ?? 6
        let number = Double(value)
        switch kind {
        case nil: return padded(precision.map { String(format: "%.\($0)g", number) } ?? "\(value)")
        case "d"?: return nil
        case "%"?: return padded(String(format: "%.\(digits)f", number * 100) + "%")
        case let kind?: return padded(String(format: "%.\(digits)\(kind)", number))
        }
    }

    private func padded(_ text: String) -> String {
        let missing = width - text.count
        if missing <= 0 { return text }
        if !isZeroPadded { return String(repeating: " ", count: missing) + text }
        let zeros = String(repeating: "0", count: missing)
        return text.hasPrefix("-") ? "-" + zeros + text.dropFirst() : zeros + text
    }
}
