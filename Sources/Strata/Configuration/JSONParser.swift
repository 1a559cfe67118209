/// Parses JSON (RFC 8259) and the three other literals that Python's `json` writes: `NaN`,
/// `Infinity` and `-Infinity`.
///
/// Foundation's decoder refuses those three and cannot tell `1.0` from `1`; Keras's configurations
/// hold both. Nesting is limited, so that no text can exhaust the stack.
struct JSONParser {
    /// Foundation's limit too; Keras's deepest files stay below 30.
    static let maximumDepth = 512

    /// An object takes up to 200 bytes in memory for 8 of text, so that this is 100 MB; Keras's
    /// applications have 10,000 at most.
    static let maximumCount = 1_000_000

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private var count = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The value of the document.
    static func parse(_ bytes: [UInt8]) throws(ConfigurationError) -> JSONValue {
        var parser = JSONParser(bytes)
        let value = try parser.value()
        parser.skipSpace()
        if parser.next != nil {
            throw parser.failure("the document ends here, but more follows")
        }
        return value
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func failure(_ message: String, at offset: Int? = nil) -> ConfigurationError {
        let before = bytes[..<(offset ?? position)]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return ConfigurationError(
            path: "line \(line), column \(before.count - start + 1)", message: message)
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    /// Consumes `byte` if it is next; returns whether it was.
    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(ConfigurationError) -> JSONValue {
        skipSpace()
        guard let first = next else { throw failure("the text ends where a value should be") }
        count += 1
        if count > Self.maximumCount {
            throw failure("more than \(Self.maximumCount) values stand in the document")
        }
        switch first {
        case UInt8(ascii: "{"): return try nested { p throws(ConfigurationError) in try p.object() }
        case UInt8(ascii: "["): return try nested { p throws(ConfigurationError) in try p.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return takeWord("-Infinity") ? .number(-.infinity) : try number()
        default:
            for (word, value) in Self.words where takeWord(word) { return value }
            throw failure("a value is expected here")
        }
    }

    private static let words: [(String, JSONValue)] = [
        ("true", .bool(true)), ("false", .bool(false)), ("null", .null), ("NaN", .number(.nan)),
        ("Infinity", .number(.infinity)),
    ]

    private mutating func takeWord(_ word: String) -> Bool {
        guard bytes[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(ConfigurationError) -> JSONValue
    ) throws(ConfigurationError) -> JSONValue {
        if depth == Self.maximumDepth {
            throw failure("more than \(Self.maximumDepth) objects stand in each other")
        }
        position += 1
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    private mutating func array() throws(ConfigurationError) -> JSONValue {
        var items: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(items) }
        while true {
            items.append(try value())
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(items) }
            if !take(UInt8(ascii: ",")) { throw failure("a comma or ] is expected here") }
        }
    }

    private mutating func object() throws(ConfigurationError) -> JSONValue {
        var members: [String: JSONValue] = [:]
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            let start = position
            guard next == UInt8(ascii: "\"") else { throw failure("a name is expected here") }
            let name = try string()
            skipSpace()
            if !take(UInt8(ascii: ":")) { throw failure("a colon is expected here") }
            if members.updateValue(try value(), forKey: name) != nil {
                throw failure("\(name) occurs twice in one object", at: start)
            }
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            if !take(UInt8(ascii: ",")) { throw failure("a comma or } is expected here") }
        }
    }
}

// MARK: Numbers

extension JSONParser {
    /// An integer if it is written as one and fits, otherwise a floating-point number.
    private mutating func number() throws(ConfigurationError) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        let endOfInteger = position
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if position == endOfInteger, let integer = Int(text) { return .integer(integer) }
        guard let number = Double(text) else { throw failure("no number", at: start) }
        return .number(number)
    }

    private mutating func digits() throws(ConfigurationError) {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            position += 1
        }
        if position == start { throw failure("a digit is expected here") }
    }
}

// MARK: Texts

extension JSONParser {
    private mutating func string() throws(ConfigurationError) -> String {
        let start = position
        position += 1
        var text = ""
        var run = position
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                text += try utf8(run..<position)
                position += 1
                return text
            case UInt8(ascii: "\\"):
                text += try utf8(run..<position)
                position += 1
                text.unicodeScalars.append(try escape())
                run = position
            case ..<0x20: throw failure("a control character stands in a text")
            default: position += 1
            }
        }
        throw failure("this text does not end", at: start)
    }

    private func utf8(_ range: Range<Int>) throws(ConfigurationError) -> String {
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw failure("this text is not UTF-8", at: range.lowerBound)
        }
        return text
    }

    private mutating func escape() throws(ConfigurationError) -> Unicode.Scalar {
        guard let letter = next else { throw failure("the text ends within an escape") }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try codePoint()
        default: throw failure("an unknown escape", at: position - 2)
        }
    }

    /// One `XXXX`, or a surrogate pair; an unpaired surrogate becomes U+FFFD, since no `String` can
    /// contain it.
    private mutating func codePoint() throws(ConfigurationError) -> Unicode.Scalar {
        let high = try codeUnit()
        if UTF16.isLeadSurrogate(high), takeWord("\\u") {
            let afterHigh = position - 2
            let low = try codeUnit()
            if UTF16.isTrailSurrogate(low) {
                return UTF16.decode(UTF16.EncodedScalar([high, low]))
            }
            position = afterHigh
        }
        return Unicode.Scalar(high) ?? "\u{FFFD}"
    }

    private mutating func codeUnit() throws(ConfigurationError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("four hexadecimal digits are expected here")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
