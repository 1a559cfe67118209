import Testing

@testable import Strata

/// Layers that compute in `bfloat16`, beside themselves in `float32`.
@Suite struct `Layers in mixed precision` {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable () -> Layer

        init(_ name: String, _ make: @escaping @Sendable () -> Layer) {
            (testDescription, self.make) = (name, make)
        }
    }

    private static let cases = [
        Case("LayerNormalization") { LayerNormalization() },
        Case("GroupNormalization") { GroupNormalization(groups: 2) },
        Case("RMSNormalization") { RMSNormalization() },
        Case("UnitNormalization") { UnitNormalization() },
        Case("PReLU") { PReLU(alphaInitializer: .ones) },
        Case("LeakyReLU") { LeakyReLU() },
        Case("ELU") { ELU() },
        Case("Softmax") { Softmax(axis: [1, 2]) },
        Case("EinsumDense") {
            EinsumDense("abc,cd->abd", outputShape: [nil, 3], biasAxes: "d")
        },
        Case("TimeDistributed") { TimeDistributed(Dense(3)) },
        Case("SpectralNormalization") { SpectralNormalization(Dense(3)) },
        Case("Dropout") { Dropout(0.5, noiseShape: [nil, 1, 4], seed: 3) },
        Case("SpatialDropout1D") { SpatialDropout1D(0.5, seed: 3) },
        Case("AlphaDropout") { AlphaDropout(0.5, seed: 3) },
        Case("GaussianDropout") { GaussianDropout(0.5, seed: 3) },
        Case("GaussianNoise") { GaussianNoise(0.5, seed: 3) },
        Case("Embedding") { Embedding(inputDim: 5, outputDim: 4) },
        Case("BatchNormalization") {
            var arguments = BatchNormalization.Arguments()
            arguments.renorm = true
            return BatchNormalization(arguments)
        },
    ]

    /// The layer's result while training, and the gradients of a weighted sum of it.
    private func results(_ item: Case, _ policy: DTypePolicy) throws -> [Tensor] {
        try SeedStream.$own.withValue(SeedStream(seed: 4)) {
            let layer = item.make()
            layer.dtypePolicy = policy
            for inner in layer.sublayers { inner.dtypePolicy = policy }
            let x = SymbolicTensor.input("x", [2, 3, 4])
            _ = layer(x)
            let step = Variable("step", kind: .seed, value: Tensor([Int32(0)], shape: []))
            let context = CallContext(isTraining: true, step: step)
            let y = layer.trace([x], context)[0]
            #expect(y.dtype == policy.computeDType)
            let shape = try #require(y.shape.known)
            let factors = (0..<shape.reduce(1, *)).map { Float($0 % 5) - 1.5 }
            let loss = (y.cast(to: .float32) * .constant(Tensor(factors, shape: shape))).sum()
            let values = [x] + layer.trainableWeights.map { context.value(of: $0) }
            let gradients = loss.gradients(withRespectTo: values)
            var generator = RandomGenerator(seed: 5)
            let input = Tensor(
                (0..<24).map { _ in 0.5 + 2 * generator.uniform() }, shape: [2, 3, 4])
            return try evaluate(
                ([y] + gradients).map { $0.cast(to: .float32) }, inputs: ["x": input],
                updates: context.updates)
        }
    }

    @Test(arguments: cases)
    func `result and gradients are those of float32 but for rounding`(item: Case) throws {
        let exact = try results(item, .float32)
        let mixed = try results(item, .mixedBfloat16)
        #expect(exact.count == mixed.count)
        for (exact, mixed) in zip(exact, mixed) {
            let scale = exact.scalars.map(abs).max() ?? 0
            // bfloat16 has 8 bits: 2⁻⁸ for a rounding, and some ten of them on the way.
            for (a, b) in zip(exact.scalars, mixed.scalars) {
                #expect(abs(a - b) <= 0.04 * max(scale, 0.1), "\(b), expected \(a)")
            }
        }
    }
}
