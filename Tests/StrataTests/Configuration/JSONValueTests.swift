import Strata
import Testing

@Suite struct JSONValueTests {
    static let readings: [(text: String, value: JSONValue)] = [
        ("1", .integer(1)),
        ("1.0", .number(1)),
        ("1e0", .number(1)),
        ("true", .bool(true)),
        ("-0", .integer(0)),
        ("-12.5E-2", .number(-0.125)),
        ("9223372036854775807", .integer(.max)),
        ("9223372036854775808", .number(0x1p63)),
        ("1e400", .number(.infinity)),
        ("Infinity", .number(.infinity)),
        ("-Infinity", .number(-.infinity)),
        ("null", nil),
        (" [ ] ", []),
        ("{}", [:]),
        (#"{"a": [1, 2.5, {"b": null}], "c": "x"}"#, ["a": [1, 2.5, ["b": nil]], "c": "x"]),
        (#""\u00e9 \ud83d\ude00 \"\\\/\b\f\n\r\t""#, "é 😀 \"\\/\u{8}\u{C}\n\r\t"),
        (#""\ud83d\u0041 \ude00""#, "\u{FFFD}A \u{FFFD}"),
        ("\"größer\"", "größer"),
    ]

    @Test(arguments: readings)
    func `a text is read as the value that it means`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test func `NaN is read as Python writes it`() throws {
        guard case .number(let number) = try JSONValue(parsing: "NaN") else {
            Issue.record("NaN is a number")
            return
        }
        #expect(number.isNaN)
    }

    static let mistakes: [(text: String, error: String)] = [
        ("", "line 1, column 1: the text ends where a value should be"),
        ("{\"a\": 1,\n  \"a\": 2}", "line 2, column 3: a occurs twice in one object"),
        ("[1 2]", "line 1, column 4: a comma or ] is expected here"),
        ("{\"a\" 1}", "line 1, column 6: a colon is expected here"),
        ("{a: 1}", "line 1, column 2: a name is expected here"),
        ("{\"a\": 1", "line 1, column 8: a comma or } is expected here"),
        ("[01]", "line 1, column 3: a comma or ] is expected here"),
        ("1.", "line 1, column 3: a digit is expected here"),
        ("-", "line 1, column 2: a digit is expected here"),
        ("\"abc", "line 1, column 1: this text does not end"),
        ("\"\\x\"", "line 1, column 2: an unknown escape"),
        ("\"\\u12g4\"", "line 1, column 6: four hexadecimal digits are expected here"),
        ("\"\u{1}\"", "line 1, column 2: a control character stands in a text"),
        ("{} {}", "line 1, column 4: the document ends here, but more follows"),
        ("nul", "line 1, column 1: a value is expected here"),
    ]

    @Test(arguments: mistakes)
    func `a mistake is told with its place`(text: String, error: String) {
        let thrown = #expect(throws: ConfigurationError.self) { try JSONValue(parsing: text) }
        #expect(thrown?.description == error)
    }

    @Test func `a text that is not UTF-8 is an error`() {
        let thrown = #expect(throws: ConfigurationError.self) {
            try JSONValue(parsing: [0x22, 0xC3, 0x28, 0x22])
        }
        #expect(thrown?.description == "line 1, column 2: this text is not UTF-8")
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}")])
    func `nesting without end is an error, not a crash`(open: String, close: String) throws {
        let deep = String(repeating: open, count: 10_000)
        let thrown = #expect(throws: ConfigurationError.self) { try JSONValue(parsing: deep) }
        #expect(thrown?.message == "more than 512 objects stand in each other")

        let allowed =
            String(repeating: open, count: 512) + "1" + String(repeating: close, count: 512)
        #expect(throws: (any Error).self) {
            try JSONValue(parsing: allowed.replacing("1", with: "[1]"))
        }
        #expect(try JSONValue(parsing: allowed).text.contains("1"))
    }

    static let writings: [(value: JSONValue, text: String)] = [
        (.integer(1), "1"),
        (.number(1), "1.0"),
        (.bool(true), "true"),
        (.number(0.001), "0.001"),
        (.number(1e-7), "1e-07"),
        (.float(0.001), "0.001"),
        (.float(1e-7), "1e-07"),
        (.number(.nan), "NaN"),
        (.number(-.infinity), "-Infinity"),
        (["b": [1, nil], "a": "é\n\"😀"], #"{"a": "\u00e9\n\"\ud83d\ude00", "b": [1, null]}"#),
    ]

    @Test(arguments: writings)
    func `a value is written as Python writes it`(value: JSONValue, text: String) {
        #expect(value.text == text)
    }

    @Test(arguments: readings)
    func `what is written reads back the same`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: value.text) == value)
    }
}
