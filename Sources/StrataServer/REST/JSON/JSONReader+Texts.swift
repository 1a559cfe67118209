#if Server
extension JSONReader {
    /// The text that is next.
    mutating func string(_ what: String) throws(ServingError) -> String {
        skipSpace()
        guard next == UInt8(ascii: "\"") else { throw failure("\(what) is a text in quotes") }
        return try string()
    }

    /// The text whose first quote is next.
    mutating func string() throws(ServingError) -> String {
        let bytes = try utf8()
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw failure("the text before is not UTF-8")
        }
        return text
    }

    /// The text whose first quote is next, as its bytes, which are not checked to be UTF-8.
    mutating func utf8() throws(ServingError) -> [UInt8] {
        let start = position
        advance()
        var result: [UInt8] = []
        var run = position
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                result.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[run..<position]))
                advance()
                return result
            case UInt8(ascii: "\\"):
                result.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[run..<position]))
                advance()
                UTF8.encode(try escape()).map { result.append(contentsOf: $0) }
                run = position
            case ..<0x20: throw failure("a control character stands in a text; escape it")
            default: advance()
            }
        }
        throw failure("the text from byte \(start) on does not end")
    }

    private mutating func escape() throws(ServingError) -> Unicode.Scalar {
        let start = position - 1
        guard let letter = next else { throw failure("the text ends within an escape") }
        advance()
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try codePoint(from: start)
        default: throw failure("there is no such escape", at: start)
        }
    }

    /// One `XXXX`, or a surrogate pair.
    private mutating func codePoint(from start: Int) throws(ServingError) -> Unicode.Scalar {
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        if UTF16.isLeadSurrogate(first), takeWord("\\u") {
            let second = try codeUnit()
            if UTF16.isTrailSurrogate(second) {
                return UTF16.decode(UTF16.EncodedScalar([first, second]))
            }
        }
        throw failure("half of a surrogate pair is no character", at: start)
    }

    private mutating func codeUnit() throws(ServingError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("four hexadecimal digits are expected")
            }
            unit = unit << 4 | UInt16(digit)
            advance()
        }
        return unit
    }
}
#endif
