@testable import StrataSearch

/// Values drawn at random from whatever a builder asks for.
enum RandomDraws {
    /// Splitmix64 (Steele et al., 2014): the same draws everywhere.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    static func hyperParameters(seed: UInt64) -> HyperParameters {
        var generator = Generator(state: seed)
        return HyperParameters { parameter in
            let value = parameter.domain.value(
                atQuantile: Double.random(in: 0..<1, using: &generator))
            // Two digits, so that no rounding of logarithms can be seen.
            guard case .float(let number) = value else { return value }
            var digit = 1.0
            while number / digit < 10 { digit /= 10 }
            return .float((number / digit).rounded() / (1 / digit).rounded())
        }
    }

    /// The values that a network's draw has, whether or not it can be built.
    static func values(seed: UInt64, _ networks: HyperCNN) -> [String: HyperParameterValue] {
        let hp = hyperParameters(seed: seed)
        _ = try? networks.description(hp)
        return hp.values
    }
}
