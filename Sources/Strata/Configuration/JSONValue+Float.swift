extension JSONValue {
    /// A number as it was written in the program; see ``float(_:)``.
    public init(_ value: Float) {
        self = .float(value)
    }

    /// The number, or `null` where there is none.
    public init(_ value: Float?) {
        self = value.map { JSONValue($0) } ?? .null
    }

    /// The whole number, or `null` where there is none.
    public init(_ value: Int?) {
        self = value.map(JSONValue.integer) ?? .null
    }

    /// The numbers, or `null` where there are none.
    init(_ values: [Int]?) {
        self = values.map { .array($0.map(JSONValue.integer)) } ?? .null
    }

    /// The numbers, or `null` where there are none.
    init(_ values: [Float]?) {
        self = values.map { .array($0.map { JSONValue($0) }) } ?? .null
    }
}

extension Float {
    /// The decimal of fewest digits that is stored as this number, in twice the precision.
    ///
    /// Keras computes with its arguments in twice the precision before it rounds, and writes them so.
    var asWritten: Double { Double(description) ?? Double(self) }

    /// 1 minus this number, rounded once: 1 − 0.999 is 0.001 and not 0.000 999 987.
    var complement: Float { Float(1 - asWritten) }
}
