extension JSONValue {
    /// Reads JSON text, with Python's `NaN` and `Infinity`.
    ///
    /// `1` becomes ``integer(_:)``, `1.0` and `1e0` become ``number(_:)``, and so do integers that
    /// 64 bits cannot hold.
    ///
    /// - Throws: ``ConfigurationError`` with the line and column of the error.
    public init(parsing text: String) throws(ConfigurationError) {
        self = try JSONParser.parse(Array(text.utf8))
    }

    /// Reads JSON text in UTF-8.
    package init(parsing bytes: [UInt8]) throws(ConfigurationError) {
        self = try JSONParser.parse(bytes)
    }

    /// The shortest decimal of its type: `Float(0.001)` is written `0.001`, not
    /// `0.0010000000474974513`.
    public static func float(_ value: Float) -> JSONValue {
        .number(value.asWritten)
    }

    /// One line of JSON as Python's `json.dumps` writes it.
    ///
    /// It is in ASCII, with numbers in their shortest form that reads back the same, and members in
    /// the order of their names.
    public var text: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += "\(value)"
        case .number(let value): text += Self.text(of: value)
        case .string(let value): Self.write(value, to: &text)
        case .array(let items):
            text += "["
            for (index, item) in items.enumerated() {
                if index > 0 { text += ", " }
                item.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { text += ", " }
                Self.write(member.key, to: &text)
                text += ": "
                member.value.write(to: &text)
            }
            text += "}"
        }
    }

    private static func text(of value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return "\(value)"
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for unit in string.utf16 {
            switch unit {
            case 0x22: text += "\\\""
            case 0x5C: text += "\\\\"
            case 0x0A: text += "\\n"
            case 0x0D: text += "\\r"
            case 0x09: text += "\\t"
            case 0x20..<0x7F: text.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                let digits = String(unit, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        text += "\""
    }
}
