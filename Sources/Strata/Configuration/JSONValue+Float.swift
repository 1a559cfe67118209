extension JSONValue {
    /// A number in its shortest decimal form; see ``float(_:)``.
    public init(_ value: Float) {
        self = .float(value)
    }

    /// The number, or `null` if there is none.
    public init(_ value: Float?) {
        self = value.map { JSONValue($0) } ?? .null
    }

    /// The integer, or `null` if there is none.
    public init(_ value: Int?) {
        self = value.map(JSONValue.integer) ?? .null
    }

    /// The numbers, or `null` if there are none.
    init(_ values: [Int]?) {
        self = values.map { .array($0.map(JSONValue.integer)) } ?? .null
    }

    /// The numbers, or `null` if there are none.
    init(_ values: [Float]?) {
        self = values.map { .array($0.map { JSONValue($0) }) } ?? .null
    }
}

extension Float {
    /// The shortest decimal that rounds to this number, in double precision.
    ///
    /// Keras computes with its arguments in double precision before it rounds, and writes them so.
    var asWritten: Double { Double(description) ?? Double(self) }

    /// 1 minus this number, rounded once: 1 − 0.999 is 0.001 and not 0.000 999 987.
    var complement: Float { Float(1 - asWritten) }
}
