import Testing

@testable import Strata

/// Plans for many kinds of data: the most recently used are kept.
@Suite struct PlanCacheTests {
    /// A network for rows of any length.
    private static func network() throws -> Model {
        let model = try Sequential {
            Input(shape: [nil, 1])
            Dense(2)
            GlobalAveragePooling1D()
        }
        try model.compile(optimizer: SGD(), loss: .meanSquaredError)
        return model
    }

    /// Batches of 1 to 4 rows of many lengths.
    private static func rows(_ number: Int) -> Tensor {
        Tensor(repeating: 1, shape: [1 + number % 4, 2 + number / 4, 1])
    }

    @Test func `a model keeps twelve plans of a thousand`() throws {
        let model = try Self.network()
        let expected = try model.predictOnBatch(Self.rows(0)).scalars
        for number in 0..<1000 {
            _ = try model.predictOnBatch(Self.rows(number))
            #expect(model.runners.count <= 12)
        }
        #expect(model.runners.count == 12)
        #expect(try model.predictOnBatch(Self.rows(0)).scalars == expected)
    }

    @Test func `a predictor keeps 24 plans of a thousand`() throws {
        let predictor = try Predictor(Self.network())
        let expected = try predictor.predict(Self.rows(0)).scalars
        for number in 0..<1000 {
            _ = try predictor.predict(Self.rows(number))
            #expect(predictor.planCount <= 24)
        }
        #expect(predictor.planCount == 24)
        #expect(try predictor.predict(Self.rows(0)).scalars == expected)
    }

    @Test func `a traced function keeps twelve plans of a hundred`() throws {
        let double = TracedFunction(isTraining: false) { inputs, _ in [inputs[0] + inputs[0]] }
        for number in 0..<100 {
            #expect(try double([Self.rows(number)])[0].scalars.allSatisfy { $0 == 2 })
            #expect(double.planCount <= 12)
        }
    }
}
