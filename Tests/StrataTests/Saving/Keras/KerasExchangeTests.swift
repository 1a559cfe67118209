import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// Files go to Python's Keras and back.
@Suite(
    .enabled(
        if: KerasPython.path != nil, "there is no Python with Keras; scripts/keras-venv makes one"))
struct KerasExchangeTests {
    /// What Keras makes of all models, in one run of Python.
    private static let exchange = Result { try Exchange() }

    private final class Exchange: Sendable {
        let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
            for exchanged in ExchangedModel.all + ExchangedModel.trained {
                let model = try KerasExchangeTests.saved(exchanged)
                let path = "\(folder.path)/\(exchanged.name)"
                try model.save(to: "\(path).keras")
                try model.saveWeights(to: "\(path).weights.h5")
                // As small as the largest of them allows, so that there are several.
                let variables = model.weights + model.optimizerVariables
                let largest = try variables.map { try $0.value.byteCount }.max() ?? 8
                try model.saveWeights(
                    to: "\(path).weights.json", maxShardSize: Double(largest) * 0x1p-30)
                var data: [String: Tensor] = [:]
                for (index, x) in exchanged.inputTensors.enumerated() { data["x.\(index)"] = x }
                for (index, y) in exchanged.targets.enumerated() { data["y.\(index)"] = y }
                try Safetensors(data).write(to: "\(path).safetensors")
            }
            try KerasPython.exchange(in: URL(filePath: folder.path))
        }

        func result(_ exchanged: ExchangedModel) throws -> [String: Tensor] {
            try Safetensors(contentsOf: "\(folder.path)/\(exchanged.name).result.safetensors")
                .tensors
        }

        func again(_ exchanged: ExchangedModel) throws -> Model {
            try Model.load(from: "\(folder.path)/\(exchanged.name).again.keras")
        }
    }

    /// The model as it is saved: after two steps of training, if it is compiled.
    private static func saved(_ exchanged: ExchangedModel) throws -> Model {
        let model = try exchanged.model()
        if model.isCompiled {
            for _ in 0..<2 { try model.trainOnBatch(exchanged.inputTensors, exchanged.targets) }
        }
        return model
    }

    /// Within 1e-5 of the numbers, or of 1 for small ones.
    private func check(
        _ got: Tensor, _ expected: Tensor?, _ what: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let expected = try #require(expected, "\(what) is missing", sourceLocation: sourceLocation)
        #expect(got.shape == expected.shape, "\(what)", sourceLocation: sourceLocation)
        let worst = zip(got.scalars, expected.scalars).map { abs($0 - $1) / max(1, abs($1)) }.max()
        #expect(worst ?? 0 <= 1e-5, "\(what)", sourceLocation: sourceLocation)
    }

    @Test(arguments: ExchangedModel.all + ExchangedModel.trained)
    func `Keras opens what we save and predicts the same`(exchanged: ExchangedModel) throws {
        let result = try Self.exchange.get().result(exchanged)
        let outputs = try Self.saved(exchanged).predictOnBatch(exchanged.inputTensors)
        for (index, output) in outputs.enumerated() {
            try check(output, result["output.\(index)"], "output \(index)")
        }
        #expect(result["output.\(outputs.count)"] == nil)
    }

    @Test(arguments: ExchangedModel.all + ExchangedModel.trained)
    func `we open what Keras saves and predict the same`(exchanged: ExchangedModel) throws {
        let exchange = try Self.exchange.get()
        let model = try exchange.again(exchanged)
        let result = try exchange.result(exchanged)
        let original = try Model.load(from: "\(exchange.folder.path)/\(exchanged.name).keras")
        #expect(try model.getWeights() == original.getWeights())
        #expect(model.layers.map(\.name) == original.layers.map(\.name))
        #expect(model.layers.map(\.isTrainable) == original.layers.map(\.isTrainable))
        for (index, output) in try model.predictOnBatch(exchanged.inputTensors).enumerated() {
            try check(output, result["output.\(index)"], "output \(index)")
        }
    }

    @Test(arguments: ExchangedModel.all + ExchangedModel.trained)
    func `we read the several files of weights that Keras writes`(exchanged: ExchangedModel) throws
    {
        let exchange = try Self.exchange.get()
        let model = try exchange.again(exchanged)
        let expected = try model.getWeights()
        try model.setWeights(expected.map { Tensor.zeros($0.shape, dtype: $0.dtype) })
        let report = try model.loadWeights(
            from: "\(exchange.folder.path)/\(exchanged.name).again.weights.json")
        #expect(report == WeightReport())
        #expect(try model.getWeights() == expected)
    }

    @Test(arguments: ExchangedModel.trained)
    func `Keras goes on with the training that we began`(exchanged: ExchangedModel) throws {
        let result = try Self.exchange.get().result(exchanged)
        let model = try Self.saved(exchanged)
        for (index, variable) in model.optimizerVariables.enumerated() {
            #expect(
                try result["optimizer.\(index)"]?.scalars == variable.value.scalars,
                "\(variable.name)")
        }
        try model.resetMetrics()
        let logs = try model.trainOnBatch(exchanged.inputTensors, exchanged.targets)
        try check(Tensor(try #require(logs["loss"])), result["loss"], "loss")
        for (index, weight) in model.weights.enumerated() {
            try check(weight.value, result["weight.\(index)"], weight.name)
        }
    }

    @Test(arguments: ExchangedModel.trained)
    func `we go on with the training that Keras saved`(exchanged: ExchangedModel) throws {
        let exchange = try Self.exchange.get()
        let result = try exchange.result(exchanged)
        let model = try exchange.again(exchanged)
        #expect(
            model.optimizer.map { type(of: $0).className }
                == (try exchanged.make().optimizer).map { type(of: $0).className })
        try model.trainOnBatch(exchanged.inputTensors, exchanged.targets)
        for (index, weight) in model.weights.enumerated() {
            try check(weight.value, result["weight.\(index)"], weight.name)
        }
    }
}
