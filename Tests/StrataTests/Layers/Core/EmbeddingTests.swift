import Testing

@testable import Strata

@Suite struct EmbeddingTests {
    @Test func `numbers without a row give NaN, negative ones count from the end`() throws {
        let table = Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])
        let model = try Sequential {
            Input(shape: [4], dtype: .int32)
            Embedding(inputDim: 3, outputDim: 2, weights: table)
        }
        let words = Tensor([0, -1, 3, -4] as [Int32], shape: [1, 4])
        let vectors = try model.predictOnBatch(words)
        #expect(vectors.shape == [1, 4, 2])
        #expect(Array(vectors.scalars[..<4]) == [1, 2, 5, 6])
        #expect(vectors.scalars[4...].filter(\.isNaN).count == 4)
    }

    @Test func `training moves the rows that were named, and no others`() throws {
        let model = try Sequential {
            Input(shape: [2], dtype: .int32)
            Embedding(
                inputDim: 3, outputDim: 1, weights: Tensor([1, 2, 3], shape: [3, 1]))
        }
        try model.compile(optimizer: SGD(learningRate: 0.5), loss: .meanSquaredError)
        try model.trainOnBatch(
            Tensor([1, 1] as [Int32], shape: [1, 2]), Tensor([0, 1], shape: [1, 2, 1]))
        // The gradient of ((2 − 0)² + (2 − 1)²) / 2 with respect to the one row is 3.
        #expect(try model.getWeights()[0].scalars == [1, 0.5, 3])
    }
}
