import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// Twenty steps of training beside Keras; `Tests/Fixtures/trajectories/make.py` writes what Keras does.
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
