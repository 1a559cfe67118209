#if Server
/// A number as it is written.
struct JSONDecimal {
    let isNegative: Bool
    /// All digits as one number, modulo 2^64.
    let mantissa: UInt64
    /// Whether the mantissa is the number of all digits.
    let isWhole: Bool
    /// The power of ten of the mantissa.
    let exponent: Int
    /// Whether it is written without a fraction and an exponent.
    let isInteger: Bool
    let start: Int
    let end: Int
}

extension JSONReader {
    /// Characters of a number, beyond which it is none that a client meant.
    static let digitLimit = 1000

    /// Powers of ten; those to 10^22 are exact.
    private static let powers: [Double] = (0...60).map { Double("1e\($0)") ?? .infinity }

    /// The number that is next.
    @inline(__always)
    mutating func decimal(_ what: @autoclosure () -> String) throws(ServingError) -> JSONDecimal {
        skipSpace()
        let start = position
        let isNegative = take(UInt8(ascii: "-"))
        var mantissa: UInt64 = 0
        var count = readDigits(into: &mantissa)
        guard count > 0 else { throw failure("\(what()) is a number", at: start) }
        if count > 1, bytes[position - count] == UInt8(ascii: "0") {
            throw failure("\(what()) is a number without a zero before it", at: start)
        }
        let endOfInteger = position
        var exponent = 0
        if take(UInt8(ascii: ".")) {
            let fraction = readDigits(into: &mantissa)
            guard fraction > 0 else { throw failure("a digit is expected") }
            exponent = -fraction
            count += fraction
        }
        if let byte = next, byte | 0x20 == UInt8(ascii: "e") { exponent += try power() }
        guard position - start <= Self.digitLimit else {
            throw failure("a number has more than \(Self.digitLimit) characters", at: start)
        }
        // Any 19 digits are below 2^64.
        return JSONDecimal(
            isNegative: isNegative, mantissa: mantissa, isWhole: count <= 19, exponent: exponent,
            isInteger: position == endOfInteger, start: start, end: position)
    }

    /// The power of ten behind a number.
    private mutating func power() throws(ServingError) -> Int {
        advance()
        let isSmall = take(UInt8(ascii: "-"))
        if !isSmall { _ = take(UInt8(ascii: "+")) }
        var power: UInt64 = 0
        let start = position
        let count = readDigits(into: &power)
        guard count > 0 else { throw failure("a digit is expected") }
        let zeros = bytes[start..<position].prefix { $0 == UInt8(ascii: "0") }.count
        // So far beyond every type that a larger one is the same.
        let limit: UInt64 = 1_000_000
        let magnitude = Int(count - zeros > 7 ? limit : min(power, limit))
        return isSmall ? -magnitude : magnitude
    }

    /// Appends digits to a number, modulo 2^64.
    ///
    /// - Returns: how many there are.
    @inline(__always)
    private mutating func readDigits(into number: inout UInt64) -> Int {
        let start = position
        while let byte = next, byte &- UInt8(ascii: "0") < 10 {
            number = number &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
            advance()
        }
        return position - start
    }

    private func text(_ decimal: JSONDecimal) -> String {
        String(
            decoding: UnsafeRawBufferPointer(rebasing: bytes[decimal.start..<decimal.end]),
            as: UTF8.self)
    }

    /// The nearest `Double`.
    ///
    /// - Throws: if it is beyond the type's range.
    func double(_ decimal: JSONDecimal, _ what: @autoclosure () -> String) throws(ServingError)
        -> Double
    {
        // Both factors are exact, so that their product or quotient is rounded once.
        if decimal.isWhole, decimal.mantissa <= 1 << 53, abs(decimal.exponent) <= 22 {
            let magnitude = Self.scaled(decimal)
            return decimal.isNegative ? -magnitude : magnitude
        }
        guard let value = Double(text(decimal)), value.isFinite else {
            throw failure("\(what()) is beyond the range of its type", at: decimal.start)
        }
        return value
    }

    @inline(__always)
    private static func scaled(_ decimal: JSONDecimal) -> Double {
        let mantissa = Double(decimal.mantissa)
        return decimal.exponent < 0
            ? mantissa / powers[-decimal.exponent] : mantissa * powers[decimal.exponent]
    }

    /// The nearest `Float`.
    ///
    /// - Throws: if it is beyond the type's range.
    @inline(__always)
    func float(_ decimal: JSONDecimal, _ what: @autoclosure () -> String) throws(ServingError)
        -> Float
    {
        if decimal.isWhole, abs(decimal.exponent) < Self.powers.count {
            if decimal.mantissa == 0 { return decimal.isNegative ? -0.0 : 0 }
            // Two roundings before the last one, together less than 2 units in the last place of
            // the Double: they can change the Float only beside a tie, which is decided below.
            let magnitude = Self.scaled(decimal)
            let dropped = magnitude.bitPattern & 0x1FFF_FFFF
            let isNearTie = (0x0FFF_FFF8...0x1000_0008).contains(dropped)
            if !isNearTie, magnitude >= Double(Float.leastNormalMagnitude),
                magnitude <= Double(Float.greatestFiniteMagnitude)
            {
                return Float(decimal.isNegative ? -magnitude : magnitude)
            }
        }
        guard let value = exactFloat(decimal) else {
            throw failure("\(what()) is beyond the range of its type", at: decimal.start)
        }
        return value
    }

    @inline(never)
    private func exactFloat(_ decimal: JSONDecimal) -> Float? {
        Float(text(decimal)).flatMap { $0.isFinite ? $0 : nil }
    }

    /// An integer, also one that is written as `3.0` or `3e2`; `nil` if the type cannot hold it.
    func integer<T: FixedWidthInteger>(
        _ decimal: JSONDecimal, _ what: @autoclosure () -> String
    ) throws(ServingError) -> T? {
        guard decimal.isInteger else { return T(exactly: try double(decimal, what())) }
        guard decimal.isWhole else { return T(text(decimal)) }
        if decimal.isNegative {
            // Also the least Int64, whose magnitude is none.
            guard decimal.mantissa <= 1 << 63 else { return nil }
            return T(exactly: Int64(truncatingIfNeeded: 0 &- decimal.mantissa))
        }
        return T(exactly: decimal.mantissa)
    }
}
#endif
