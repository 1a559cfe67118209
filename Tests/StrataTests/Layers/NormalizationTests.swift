import Testing

@testable import Strata

/// The layer that learns means and variances of data.
@Suite struct NormalizationTests {
    private func applied(_ layer: Normalization, to x: Tensor) throws -> [Float] {
        let input = Input(shape: Shape(Array(x.shape.dropFirst())))
        return try Model(inputs: input, outputs: layer(input)).predictOnBatch(x).scalars
    }

    /// Columns (1, 3, 5) and (0, 0, 3): means 3 and 1, variances 8/3 and 2.
    private let data = Tensor([1, 0, 3, 0, 5, 3], shape: [3, 2])

    @Test func `adapting finds the mean and variance of each channel`() throws {
        let layer = Normalization()
        try layer.adapt(data)
        #expect(layer.variables.map(\.name) == ["mean", "variance", "count"])
        #expect(layer.variables[0].value.scalars == [3, 1])
        let variances = layer.variables[1].value.scalars
        #expect(abs(variances[0] - 8 / 3) < 1e-6 && variances[1] == 2)
        let y = try applied(layer, to: data)
        let expected: [Float] = [-1.224_745, -0.707_107, 0, -0.707_107, 1.224_745, 1.414_214]
        #expect(zip(y, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test func `without axes there is one mean of all`() throws {
        let layer = Normalization(axis: nil)
        try layer.adapt(data)
        // 1 + 3 + 5 + 3 is 12, of 6; squares of differences 1, 4, 1, 4, 9, 1 are 20.
        #expect(layer.variables[0].value.scalars == [2])
        #expect(abs(layer.variables[1].value.scalars[0] - 20 / 6) < 1e-6)
    }

    @Test func `given numbers are used, and can be undone`() throws {
        let there = Normalization(mean: [1, 2], variance: [4, 0.25])
        #expect(try applied(there, to: Tensor([3, 3], shape: [1, 2])) == [1, 2])
        let back = Normalization(mean: [1, 2], variance: [4, 0.25], invert: true)
        #expect(try applied(back, to: Tensor([1, 2], shape: [1, 2])) == [3, 3])
    }

    @Test func `numbers for an axis in the middle`() throws {
        let layer = Normalization(axis: 1, mean: [1, 2], variance: [1, 1])
        let x = Tensor([1, 2, 3, 4], shape: [1, 2, 2])
        #expect(try applied(layer, to: x) == [0, 1, 1, 2])
    }

    @Test func `a constant channel becomes 0 and not NaN`() throws {
        let layer = Normalization()
        try layer.adapt(Tensor([7, 7], shape: [2, 1]))
        #expect(try applied(layer, to: Tensor([7], shape: [1, 1])) == [0])
    }

    @Test func `a mean without a variance is refused`() {
        let input = Input(shape: [2], name: "pair")
        let error = Normalization(mean: [1], name: "norm")(input).error
        #expect(error?.description.contains("mean and variance are not of one length") == true)
    }

    @Test func `a layer with given numbers does not adapt`() {
        let layer = Normalization(mean: [1], variance: [1])
        #expect(throws: GraphError.self) { try layer.adapt(data) }
    }
}
