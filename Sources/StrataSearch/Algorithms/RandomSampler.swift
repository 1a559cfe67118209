internal import Strata

/// Draws every value by itself (Bergstra and Bengio, 2012).
///
/// A value depends on the seed, the trial, the attempt and the hyperparameter's name, not on what
/// was asked for before: a hyperparameter that is added to a builder leaves the others as they are.
struct RandomSampler: Sampler {
    private let seed: UInt64

    init(seed: UInt64, trial: Int, attempt: Int) {
        let ofTrial = RandomGenerator.derived(seed, salt: UInt64(bitPattern: Int64(trial)))
        self.seed = RandomGenerator.derived(ofTrial, salt: UInt64(bitPattern: Int64(attempt)))
    }

    func value(of parameter: HyperParameter) -> HyperParameterValue {
        var generator = generator(for: parameter.name)
        return parameter.domain.value(atQuantile: generator.quantile())
    }

    /// A generator for a hyperparameter alone.
    func generator(for name: String) -> RandomGenerator {
        RandomGenerator(seed: RandomGenerator.derived(seed, salt: Self.hash(name)))
    }

    /// FNV-1a: Swift's own hashes are different in each process.
    private static func hash(_ name: String) -> UInt64 {
        name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

extension RandomGenerator {
    /// A uniform value in 0 ..< 1 with all digits of a `Double`.
    mutating func quantile() -> Double { Double(next() >> 11) * 0x1p-53 }
}
