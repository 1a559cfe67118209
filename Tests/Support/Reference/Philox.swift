/// Philox 4×32, written after its paper: Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers:
/// As Easy as 1, 2, 3", 2011, section 3.3 and table 2.
package enum Philox {
    static func words(counter: [UInt32], key: [UInt32], rounds: Int = 10) -> [UInt32] {
        var (counter, key) = (counter, key)
        for round in 0..<rounds {
            if round > 0 {
                key[0] &+= 0x9E37_79B9
                key[1] &+= 0xBB67_AE85
            }
            let left = counter[0].multipliedFullWidth(by: 0xD251_1F53)
            let right = counter[2].multipliedFullWidth(by: 0xCD9E_8D57)
            counter = [
                right.high ^ counter[1] ^ key[0], right.low, left.high ^ counter[3] ^ key[1],
                left.low,
            ]
        }
        return counter
    }

    /// The graph's random number for the element at `index` of a row-major tensor.
    ///
    /// The counter is index / 4 in its first two words and the step in its third; the element takes
    /// word index mod 4 of the result, and of it the upper 24 bits.
    package static func uniform(index: Int, step: Int32, key: UInt64) -> Double {
        let words = words(at: index / 4, step: step, key: key, rounds: 10)
        return Double(words[index % 4] >> 8) / 16_777_216
    }

    /// The number below 65,536 that a dropout draws for the element at `index`.
    ///
    /// The counter is index / 8; after seven rounds the element takes half of word (index mod 8) / 2,
    /// the lower one at even indices.
    package static func draw(index: Int, step: Int32, key: UInt64) -> UInt32 {
        let words = words(at: index / 8, step: step, key: key, rounds: 7)
        return words[index % 8 / 2] >> (16 * UInt32(index % 2)) & 0xFFFF
    }

    private static func words(at block: Int, step: Int32, key: UInt64, rounds: Int) -> [UInt32] {
        words(
            counter: [
                UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
                UInt32(bitPattern: step), 0,
            ], key: [UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32)],
            rounds: rounds)
    }
}
