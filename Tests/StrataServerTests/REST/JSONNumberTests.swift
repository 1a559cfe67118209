#if Server
@testable import StrataServer
import Testing

/// Numbers in JSON, against the standard library's own reading of the same text.
@Suite struct JSONNumberTests {
    private func float(_ text: String) throws -> Float {
        try read(text) { reader throws(ServingError) in
            try reader.float(try reader.decimal("it"), "it")
        }
    }

    private func double(_ text: String) throws -> Double {
        try read(text) { reader throws(ServingError) in
            try reader.double(try reader.decimal("it"), "it")
        }
    }

    private func read<T>(
        _ text: String, _ body: (inout JSONReader) throws(ServingError) -> T
    ) throws -> T {
        try Array(text.utf8).withUnsafeBytes {
            try JSONReader.read($0, maxDepth: 8, body)
        }
    }

    // 2^24 + 1 lies between two floats, as does a bit more and less; the limits of the types; digits
    // beyond 64 bits.
    @Test(arguments: [
        "0", "-0", "1", "-1.5", "0.1", "0.10000000149011612", "16777217", "16777217.0000001",
        "16777216.9999999", "16777219", "3.4028234663852886e38", "3.4028235e38", "1.17549435e-38",
        "1e-45", "7.006492321624085e-46", "7.1e-46", "1e-400", "123456789012345678901234567890",
        "0.000000000000000000000000000000000000123456789", "2.5e10", "1E+2", "9007199254740993",
        "9007199254740993.0000001", "1.7976931348623157e38", "4.9406564584124654e-32",
        "8.5070591730234615865843651857942052864e37",
    ])
    func `the nearest number is read`(text: String) throws {
        let (expectedFloat, expectedDouble) = (
            try #require(Float(text)), try #require(Double(text))
        )
        #expect(try float(text).bitPattern == expectedFloat.bitPattern)
        #expect(try double(text).bitPattern == expectedDouble.bitPattern)
    }

    @Test func `floats in all lengths are read as they were written`() throws {
        // Bit patterns at a constant distance, which is a prime.
        for bits in stride(from: UInt32(1), to: 0x7F80_0000, by: 1_048_583) {
            let value = Float(bitPattern: bits)
            #expect(try float("\(value)") == value)
            #expect(try float("\(Double(value))") == value)
            let between = (Double(value) + Double(value.nextUp)) / 2
            #expect(try float("\(between)") == Float("\(between)"))
        }
    }

    @Test(arguments: ["1e39", "-1e39", "1e400", "3.4028236e38"])
    func `what is beyond a float is an error`(text: String) {
        #expect(throws: ServingError.self) { try float(text) }
    }

    @Test func `integers reach to the limits of 64 bits`() throws {
        func signed(_ text: String) throws -> Int64 {
            try read(text) { reader throws(ServingError) in
                try reader.integer("it", in: Int64.min...Int64.max)
            }
        }
        #expect(try signed("9223372036854775807") == .max)
        #expect(try signed("-9223372036854775808") == .min)
        #expect(try signed("1.5e1") == 15)
        for text in ["9223372036854775808", "-9223372036854775809", "1e19", "1.5", "1e-1"] {
            #expect(throws: ServingError.self) { try signed(text) }
        }
        let unsigned = try read("18446744073709551615") { reader throws(ServingError) in
            try reader.integer("it", in: 0...UInt64.max)
        }
        #expect(unsigned == .max)
    }
}
#endif
