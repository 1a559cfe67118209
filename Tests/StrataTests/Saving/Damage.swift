@testable import Strata

/// Copies of files with a few bytes changed at random, the same ones in every run.
struct Damage: Sequence, IteratorProtocol {
    let original: [UInt8]
    var remaining: Int
    /// Numerical Recipes' generator (Press et al., 2007, section 7.1).
    private var state: UInt64 = 20_260_731

    init(_ original: [UInt8], copies: Int) {
        self.original = original
        remaining = copies
    }

    private mutating func random(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    mutating func next() -> [UInt8]? {
        guard remaining > 0 else { return nil }
        remaining -= 1
        var copy = original
        for _ in 0...random(8) {
            let place = random(copy.count)
            switch random(4) {
            case 0: copy[place] = UInt8(random(256))
            case 1: copy[place] = 0xFF
            case 2: copy[place] ^= 1 << UInt8(random(8))
            default:
                let source = random(copy.count)
                for offset in 0..<Swift.min(8, copy.count - Swift.max(place, source)) {
                    copy[place + offset] = copy[source + offset]
                }
            }
        }
        return copy
    }
}
