import Strata
import Testing

@Suite struct InitializerTests {
    private func values(_ initializer: any Initializer, seed: UInt64, shape: [Int] = [4, 3])
        -> [Float]
    {
        var generator = RandomGenerator(seed: seed)
        return initializer.values(shape: shape, generator: &generator).scalars
    }

    private static let seeded: [any Initializer] = [
        GlorotUniform(seed: 7), HeNormal(seed: 7), Orthogonal(seed: 7), RandomNormal(seed: 7),
        RandomUniform(seed: 7), TruncatedNormal(seed: 7), VarianceScaling(seed: 7),
    ]

    @Test(arguments: seeded.indices)
    func `a seed of its own makes an initializer draw the same numbers`(index: Int) {
        let initializer = Self.seeded[index]
        #expect(values(initializer, seed: 1) == values(initializer, seed: 2))
    }

    @Test func `without a seed the numbers come from the stream`() {
        #expect(values(.heNormal, seed: 1) == values(.heNormal, seed: 1))
        #expect(values(.heNormal, seed: 1) != values(.heNormal, seed: 2))
    }

    @Test(arguments: [
        ("glorot_uniform", "GlorotUniform"), ("HeNormal", "HeNormal"), ("zeros", "Zeros"),
        ("one", "Ones"), ("normal", "RandomNormal"), ("identity", "Identity"),
        ("OrthogonalInitializer", "Orthogonal"), ("stft", "STFT"),
    ])
    func `an initializer is found by Keras's names`(name: String, className: String) throws {
        let found = try InitializerRegistry.initializer(.string(name), path: "i")
        #expect(type(of: found).className == className)
    }

    /// Kernels of 3×3 with 4 inputs and 8 filters: 36 and 72; vectors count on both sides.
    @Test(arguments: [
        ([], 1, 1), ([5], 5, 5), ([4, 8], 4, 8), ([3, 3, 4, 8], 36, 72),
    ])
    func `the spread follows from the shape`(shape: [Int], inputs: Int, outputs: Int) {
        for (mode, fan) in [
            (VarianceScaling.Mode.fanIn, Double(inputs)), (.fanOut, Double(outputs)),
            (.fanAverage, Double(inputs + outputs) / 2),
        ] {
            let rule = VarianceScaling(mode: mode, distribution: .uniform)
            // A uniform one's largest of many numbers comes near its bound √(3/n), never above.
            let largest = (0..<2000).map { values(rule, seed: UInt64($0), shape: shape)[0] }.max()
            let bound = Float((3 / fan).squareRoot())
            #expect(largest.map { $0 <= bound && $0 > 0.99 * bound } == true)
        }
    }

    @Test func `a matrix rule for a bias is refused where the layer is built`() {
        let layer = Dense(4, biasInitializer: .identity, name: "head")
        let y = layer(Input(shape: [3]))
        #expect(
            y.error?.problem.sentenceForTests
                == "the identity initializer makes matrices, but a weight of shape [4] is needed")
    }
}

extension GraphError.Problem {
    fileprivate var sentenceForTests: String? {
        if case .invalidArgument(let sentence, _) = self { sentence } else { nil }
    }
}
