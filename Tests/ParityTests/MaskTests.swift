import Foundation
import Strata
import StrataTestSupport
import Testing

/// Masks beside Keras's; `Tests/Fixtures/masks/make.py` says what each model is for.
@Suite struct MaskTests {
    private static let models = ["mean_of_words", "each_step", "joined", "ended", "renormalized"]
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Fixtures/masks").standardizedFileURL

    /// What predictions of about 1 may be off by, and losses relatively.
    ///
    /// One pass through some six layers, each a sum of at most 100 products, is
    /// off by 6 · √100 · 2⁻²⁴ = 4e-6 at most; eight steps at a rate of 0.1 add 0.1 · √8 of that, and Keras's own
    /// rounding as much again: √2 · 1.3 · 4e-6 = 7e-6.
    private let tolerance: Float = 1e-5

    private func load(_ name: String) throws -> (model: Model, data: SafetensorsFile, x: [Tensor]) {
        let model = try Model.load(from: Self.folder.appending(path: "\(name).keras").path)
        let data = try SafetensorsFile(Self.folder.appending(path: "\(name).safetensors"))
        return (model, data, try model.inputs.indices.map { try data.tensor("x.\($0)") })
    }

    @Test(arguments: models) func `predictions are Keras's`(name: String) throws {
        let (model, data, x) = try load(name)
        let expected = try data.tensor("predictions").scalars
        let got = try model.predict(x)[0].scalars
        #expect(got.count == expected.count)
        #expect(zip(got, expected).allSatisfy { abs($0 - $1) <= tolerance })
    }

    @Test(arguments: models, ["plain", "weighted"])
    func `losses, accuracy and training are Keras's`(name: String, kind: String) throws {
        let (model, data, x) = try load(name)
        let (y, weights) = (try data.tensor("y"), kind == "weighted" ? try data.tensor("w") : nil)
        try model.compile(
            optimizer: SGD(learningRate: 0.1), loss: .sparseCategoricalCrossentropy,
            weightedMetrics: [.accuracy])
        let expected = try data.tensor("evaluation.\(kind)").scalars
        let logs = try model.evaluate(
            x, [y], batchSize: 12, verbose: .silent, sampleWeight: weights)
        #expect(abs((logs["loss"] ?? .nan) - expected[0]) <= tolerance * expected[0])
        #expect(abs((logs["accuracy"] ?? .nan) - expected[1]) <= tolerance)
        for (step, loss) in try data.tensor("losses.\(kind)").scalars.enumerated() {
            try model.resetMetrics()
            let got = try model.trainOnBatch(x, [y], sampleWeight: weights)["loss"] ?? .nan
            #expect(abs(got - loss) <= tolerance * loss, "step \(step): \(got), expected \(loss)")
        }
    }

    @Test(arguments: models) func `a file keeps what makes masks`(name: String) throws {
        let (model, _, x) = try load(name)
        let path = FileManager.default.temporaryDirectory
            .appending(path: "\(UUID().uuidString).keras").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try model.save(to: path)
        #expect(try Model.load(from: path).predict(x) == model.predict(x))
    }

    @Test func `a layer at which masks end says so`() throws {
        let (model, _, x) = try load("ended")
        _ = try model.predict(x)
        #expect(model.layers.filter(\.losesMask).map(\.name) == ["conv1d"])
    }

    @Test func `a mask that a layer cannot use is an error`() throws {
        let words = Input(shape: [7], dtype: .int32)
        let wide = Embedding(inputDim: 9, outputDim: 4, maskZero: true)(words)
        let model = try Model(inputs: words, outputs: Softmax(name: "shares")(wide))
        let error = #expect(throws: (any Error).self) {
            try model.predict(.zeros([2, 7], dtype: .int32))
        }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("shares") && text.contains("a mask of shape [2, 7]"))
    }
}
