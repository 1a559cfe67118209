import Strata
import StrataTestSupport
import Testing

/// A sample alone, and the same in a batch.
@Suite struct PredictorEqualityTests {
    /// How far a result may be off in batches of other sizes, as a part of the largest: what the documentation of
    /// ``Predictor`` says.
    private static let tolerance: Float = 1e-5

    /// A network at random, with convolutions of every algorithm among them.
    private static func network(_ seed: UInt64) throws -> Model {
        var generator = SplitMix(seed: seed)
        let size = [12, 17, 32].randomElement(using: &generator) ?? 12
        let input = Input(shape: [size, size, generator.pick([1, 3, 4])])
        var x: SymbolicTensor = input
        for layer in 0..<(1 + Int(seed % 4)) {
            let filters = generator.pick([8, 16, 24, 32, 64, 100])
            x = Conv2D(
                filters, kernelSize: generator.pick([1, 3, 3, 5]),
                strides: generator.pick([1, 1, 2]), padding: .same,
                activation: generator.pick([.relu, .tanh, .linear]),
                kernelInitializer: GlorotUniform(seed: Int(seed) * 10 + layer))(x)
            if generator.pick([true, false]) { x = BatchNormalization()(x) }
            if generator.pick([true, false]) { x = MaxPooling2D(2, padding: .same)(x) }
        }
        x = Dense(64, activation: .relu, kernelInitializer: GlorotUniform(seed: Int(seed)))(
            Flatten()(x))
        return try Model(
            inputs: input, outputs: Dense(10, kernelInitializer: GlorotUniform(seed: Int(seed)))(x))
    }

    private static func samples(_ model: Model, _ count: Int, seed: UInt64) -> Tensor {
        var generator = SplitMix(seed: seed)
        let shape = [count] + model.inputShapes[0].dimensions.dropFirst().compactMap { $0 }
        return Tensor(
            (0..<shape.reduce(1, *)).map { _ in .random(in: -1...1, using: &generator) },
            shape: shape)
    }

    @Test(arguments: 0..<24) func `networks at random`(seed: UInt64) throws {
        let model = try Self.network(seed)
        let predictor = try Predictor(model)
        let x = Self.samples(model, 32, seed: seed)
        let alone = try (0..<32).map { try predictor.predict(x[$0..<$0 + 1]).scalars }
        let largest = alone.joined().map(abs).max() ?? 1
        for count in [2, 3, 4, 8, 16, 32] {
            let batch = try predictor.predict(x[0..<count]).scalars
            for (a, b) in zip(batch, alone.joined()) {
                #expect(abs(a - b) <= Self.tolerance * largest)
            }
        }
    }

    /// Neither its neighbours nor its place matter.
    @Test(arguments: 0..<24) func `a sample has the same bits in every batch of a size`(
        seed: UInt64
    ) throws {
        let model = try Self.network(seed)
        let predictor = try Predictor(model)
        let x = Self.samples(model, 32, seed: seed)
        for count in [4, 8, 32] {
            let batch = try predictor.predict(x[0..<count]).scalars
            let same = try predictor.predict(
                Tensor.concatenated(Array(repeating: x[0..<1], count: count))
            ).scalars
            for place in 0..<count {
                #expect(same[place * 10..<place * 10 + 10].elementsEqual(batch[0..<10]))
            }
        }
    }
}
