import Testing

@testable import Strata

@Suite struct ProgbarLoggerTests {
    @Test func `a ProgbarLogger shows the progress in the place of fit itself`() throws {
        let model = try Sequential {
            Input(shape: [1])
            Dense(1)
        }
        try model.compile(optimizer: SGD(), loss: .meanSquaredError)
        let logger = ProgbarLogger()
        let list = CallbackList([logger], model: model, epochs: 2, steps: 3, verbosity: .silent)
        #expect(list.ownVerbosity(.line) == .silent)
        #expect(CallbackList([], model: model, steps: 3).ownVerbosity(.line) == .line)
        #expect(logger.verbosity == .silent)
        #expect(logger.parameters.epochs == 2)
        #expect(logger.parameters.steps == 3)
        let (x, y) = (Tensor([1, 2], shape: [2, 1]), Tensor([0, 1], shape: [2, 1]))
        let history = try model.fit(
            x, y, batchSize: 1, epochs: 2, verbose: .silent, callbacks: [logger])
        #expect(history["loss"].count == 2)
    }
}
