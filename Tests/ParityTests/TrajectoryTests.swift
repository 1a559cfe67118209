import Foundation
import Strata
import StrataTestSupport
import Testing

/// Twenty steps of training beside Keras; `Tests/Fixtures/trajectories/make.py` writes what Keras does.
///
/// A step is off by about √n · 2⁻²⁴ of its numbers for gradients that are sums of n products: at most 16 images with
/// 10 × 10 positions, √1600 · 6e-8 = 2.4e-6. Steps of both sides are off independently, and one step moves the loss by
/// about a tenth of itself, so twenty of them are off by √2 · √20 · 0.1 · 2.4e-6 = 1.5e-6, and the last forward pass
/// by as much as a step. Rounding may put a number on the other side of a kink of ReLU or of a maximum, which changes
/// one product of the 1600: 1e-5 leaves room for that, and for nothing that is wrong in a rule, which would be seen in
/// the third digit.
@Suite struct TrajectoryTests {
    private static let optimizers: [String: @Sendable () -> any Optimizer] = [
        "sgd": { SGD(learningRate: 0.05, momentum: 0.9) },
        "adam": { Adam(learningRate: 0.001) },
        "rmsprop": { RMSprop(learningRate: 0.0005) },
    ]

    @Test(
        arguments: ["plain", "residual", "normalized"], ["sgd", "adam", "rmsprop"])
    func `the losses of twenty steps are Keras's to 1e-5`(model: String, optimizer: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/trajectories").standardizedFileURL
        let fixture = try SafetensorsFile(folder.appending(path: "\(model).safetensors"))
        let expected = try fixture.tensor("loss.\(optimizer)").scalars
        let model = try Model.load(from: folder.appending(path: "\(model).keras").path)
        let rule = try #require(Self.optimizers[optimizer])
        try model.compile(optimizer: rule(), loss: .sparseCategoricalCrossentropy)
        #expect(expected.count == 20)
        for (step, loss) in expected.enumerated() {
            try model.resetMetrics()
            let logs = try model.trainOnBatch(
                fixture.tensor("x.\(step % 4)"), fixture.tensor("y.\(step % 4)"))
            let got = try #require(logs["loss"])
            #expect(abs(got - loss) <= 1e-5 * loss, "step \(step): \(got), expected \(loss)")
        }
    }
}
