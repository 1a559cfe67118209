#if Server
/// A number as it is written.
struct JSONDecimal {
    let isNegative: Bool
    /// All digits as one number, if 64 bits hold it.
    let mantissa: UInt64?
    /// The power of ten of the mantissa.
    let exponent: Int
    /// Whether it is written without a fraction and an exponent.
    let isInteger: Bool
    let range: Range<Int>

    /// The value, if it is written as an integer and 64 bits hold it.
    var signed: Int64? {
        guard isInteger, let mantissa else { return nil }
        // Also the least value, whose magnitude is no Int64.
        if isNegative {
            return mantissa <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- mantissa) : nil
        }
        return Int64(exactly: mantissa)
    }
}

extension JSONReader {
    /// Characters of a number, beyond which it is none that a client meant.
    static let digitLimit = 1000

    /// Powers of ten; those to 10^22 are exact.
    private static let powers: [Double] = (0...60).map { Double("1e\($0)") ?? .infinity }

    /// The number that is next.
    mutating func decimal(_ what: String) throws(ServingError) -> JSONDecimal {
        skipSpace()
        let start = position
        let isNegative = take(UInt8(ascii: "-"))
        guard let first = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            throw failure("\(what) is a number", at: start)
        }
        var mantissa: UInt64? = 0
        if first == UInt8(ascii: "0") { advance() } else { readDigits(into: &mantissa) }
        let endOfInteger = position
        var exponent = 0
        if take(UInt8(ascii: ".")) {
            let count = readDigits(into: &mantissa)
            guard count > 0 else { throw failure("a digit is expected") }
            exponent = -count
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            let isSmall = take(UInt8(ascii: "-"))
            if !isSmall { _ = take(UInt8(ascii: "+")) }
            var power: UInt64? = 0
            guard readDigits(into: &power) > 0 else { throw failure("a digit is expected") }
            // So far beyond every type that a larger one is the same.
            let magnitude = Int(min(power ?? 1_000_000, 1_000_000))
            exponent += isSmall ? -magnitude : magnitude
        }
        guard position - start <= Self.digitLimit else {
            throw failure("a number has more than \(Self.digitLimit) characters", at: start)
        }
        return JSONDecimal(
            isNegative: isNegative, mantissa: mantissa, exponent: exponent,
            isInteger: position == endOfInteger, range: start..<position)
    }

    /// Appends digits to a number, which becomes `nil` if 64 bits no longer hold it.
    ///
    /// - Returns: how many there are.
    @inline(__always) @discardableResult
    private mutating func readDigits(into number: inout UInt64?) -> Int {
        let start = position
        var value = number ?? 0
        var isLost = number == nil
        while let byte = next, byte &- UInt8(ascii: "0") < 10 {
            let digit = UInt64(byte &- UInt8(ascii: "0"))
            // 10 × 1844674407370955160 + 9 is within UInt64.
            if value < 1_844_674_407_370_955_161 {
                value = value &* 10 &+ digit
            } else {
                let (product, overflow) = value.multipliedReportingOverflow(by: 10)
                let (sum, carry) = product.addingReportingOverflow(digit)
                isLost = isLost || overflow || carry
                value = sum
            }
            advance()
        }
        number = isLost ? nil : value
        return position - start
    }

    private func text(_ decimal: JSONDecimal) -> String {
        String(decoding: UnsafeRawBufferPointer(rebasing: bytes[decimal.range]), as: UTF8.self)
    }

    /// The nearest `Double`.
    ///
    /// - Throws: if it is beyond the type's range.
    func double(_ decimal: JSONDecimal, _ what: String) throws(ServingError) -> Double {
        // Both factors are exact, so that their product or quotient is rounded once.
        if let mantissa = decimal.mantissa, mantissa <= 1 << 53, abs(decimal.exponent) <= 22 {
            let magnitude = Self.scaled(mantissa, decimal.exponent)
            return decimal.isNegative ? -magnitude : magnitude
        }
        guard let value = Double(text(decimal)), value.isFinite else {
            throw failure("\(what) is beyond the range of its type", at: decimal.range.lowerBound)
        }
        return value
    }

    private static func scaled(_ mantissa: UInt64, _ exponent: Int) -> Double {
        exponent < 0 ? Double(mantissa) / powers[-exponent] : Double(mantissa) * powers[exponent]
    }

    /// The nearest `Float`.
    ///
    /// - Throws: if it is beyond the type's range.
    func float(_ decimal: JSONDecimal, _ what: String) throws(ServingError) -> Float {
        if let mantissa = decimal.mantissa, abs(decimal.exponent) < Self.powers.count {
            if mantissa == 0 { return decimal.isNegative ? -0.0 : 0 }
            // Two roundings before the last one, together less than 2 units in the last place of
            // the Double: they can change the Float only beside a tie, which is decided below.
            let magnitude = Self.scaled(mantissa, decimal.exponent)
            let dropped = magnitude.bitPattern & 0x1FFF_FFFF
            let isNearTie = (0x0FFF_FFF8...0x1000_0008).contains(dropped)
            if !isNearTie, magnitude >= Double(Float.leastNormalMagnitude),
                magnitude <= Double(Float.greatestFiniteMagnitude)
            {
                return Float(decimal.isNegative ? -magnitude : magnitude)
            }
        }
        guard let value = Float(text(decimal)), value.isFinite else {
            throw failure("\(what) is beyond the range of its type", at: decimal.range.lowerBound)
        }
        return value
    }

    /// An integer, also one that is written as `3.0` or `3e2`; `nil` if the type cannot hold it.
    func integer<T: FixedWidthInteger>(
        _ decimal: JSONDecimal, _ what: String
    ) throws(ServingError) -> T? {
        if decimal.isInteger {
            if let signed = decimal.signed { return T(exactly: signed) }
            return decimal.isNegative ? nil : decimal.mantissa.flatMap { T(exactly: $0) }
        }
        return T(exactly: try double(decimal, what))
    }
}
#endif
