import Testing

@testable import Strata

@Suite struct NormalizationTests {
    /// Two channels of four samples: means 2 and 20, variances 1.5 and 150 (Σ(x − mean)² / 4).
    private let data = Tensor([0, 0, 2, 20, 3, 30, 3, 30] as [Float], shape: [4, 2])

    @Test func `adapting learns means and variances of the samples`() throws {
        let layer = Normalization()
        try layer.adapt(data)
        #expect(layer.weights.map(\.name) == ["mean", "variance", "count"])
        #expect(try layer.weights[0].value.scalars == [2, 20])
        #expect(try layer.weights[1].value.scalars == [1.5, 150])
    }

    @Test func `what one layer does another one undoes`() throws {
        let there = Normalization()
        let back = Normalization(invert: true)
        for layer in [there, back] { try layer.adapt(data) }
        let input = Input(shape: [2])
        let model = try Model(inputs: input, outputs: back(there(input)))
        let result = try model.predict(data)
        // Two products and a sum of numbers up to 30, each rounded by 2⁻²⁴ of itself.
        for (got, expected) in zip(result.scalars, data.scalars) {
            #expect(abs(got - expected) < 30 * 6 * 0x1p-24)
        }
    }

    @Test func `a layer that was given its numbers learns none`() {
        #expect {
            try Normalization(mean: [1], variance: [2], name: "scaled").adapt(data)
        } throws: {
            "\($0)".contains("scaled was given its mean and variance")
                && "\($0)".contains("make it without them to adapt")
        }
    }
}
