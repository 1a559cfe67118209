/// Random numbers for tests: the same seed, the same numbers (Steele, Lea and Flood, 2014).
package struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    package mutating func pick<C: RandomAccessCollection>(_ values: C) -> C.Element
    where C.Index == Int {
        values[Int.random(in: values.startIndex..<values.endIndex, using: &self)]
    }
}
