import Foundation
import Testing

@testable import Strata

/// A model whose one weight is 1, on which `rate` decides how training goes.
private func model(rate: Double) throws -> Model {
    let model = try Sequential {
        Input(shape: [1])
        Dense(1, useBias: false, kernelInitializer: .ones, name: "dense")
    }
    try model.compile(optimizer: SGD(learningRate: rate), loss: .meanSquaredError)
    return model
}

private let x = Tensor([1, 1], shape: [2, 1])
private let y = Tensor([0, 0], shape: [2, 1])

private let cure =
    "; use a smaller learning rate, clip gradients with the optimizer's clipnorm, or scale the "
    + "data to about -1 to 1; model.debugNumerics = true ends training at the first such step and "
    + "names the layer\n"

// Standard error is a process's own: each test has one.
@Suite struct NumericsWarningTests {
    private func warnings(_ result: ExitTest.Result) -> [String] {
        String(decoding: result.standardErrorContent, as: UTF8.self)
            .components(separatedBy: " warning strata: [Strata] ").dropFirst().map { $0 }
    }

    /// The weight is 1, then 1 − 2e20, whose square overflows: the loss is infinite in the second step.
    @Test func `the first step with a loss that is not finite is one warning, and fit goes on`()
        async throws
    {
        let result = try await #require(
            processExitsWith: .success, observing: [\.standardErrorContent]
        ) {
            let history = try model(rate: 1e20).fit(
                x, y, batchSize: 1, epochs: 3, verbose: .silent)
            #expect(history.epoch == [0, 1, 2])
        }
        #expect(warnings(result) == ["the loss is infinity in epoch 1, step 2" + cure])
    }

    @Test func `values that are far from 1 are part of the warning`() async throws {
        let result = try await #require(
            processExitsWith: .success, observing: [\.standardErrorContent]
        ) {
            let x = Tensor([UInt8(255), 3], shape: [2, 1])
            try model(rate: 1e20).fit(x, y, epochs: 2, verbose: .silent, shuffle: false)
        }
        #expect(
            warnings(result) == [
                "the loss is infinity in epoch 2, step 1, whose x has values up to 255.0" + cure
            ])
    }

    /// The step of the only epoch makes the weight −∞: 1 − 1e30 · 2 · 1e20.
    @Test func `weights that the last step has made infinite are a warning`() async throws {
        let result = try await #require(
            processExitsWith: .success, observing: [\.standardErrorContent]
        ) {
            try model(rate: 1e30).fit(
                Tensor([1e10], shape: [1, 1]), Tensor([0], shape: [1, 1]), verbose: .silent)
        }
        #expect(
            warnings(result) == [
                "kernel of layer dense is -infinity at [0, 0] after epoch 1, although the loss is "
                    + "finite" + cure
            ])
    }

    @Test func `a callback that ends training is no warning, nor is debugNumerics`() async throws {
        let result = try await #require(
            processExitsWith: .success,
            observing: [\.standardErrorContent, \.standardOutputContent]
        ) {
            let stopped = try model(rate: 1e20)
            let history = try stopped.fit(
                x, y, epochs: 9, verbose: .silent, callbacks: [TerminateOnNaN()])
            #expect(history.epoch == [0, 1])
            let watched = try model(rate: 1e20)
            watched.debugNumerics = true
            #expect(throws: NumericsError.self) {
                try watched.fit(x, y, epochs: 9, verbose: .silent)
            }
        }
        #expect(warnings(result) == [])
        let output = String(decoding: result.standardOutputContent, as: UTF8.self)
        #expect(output.contains("Batch 0: the loss is inf, training ends"))
    }
}
