import Foundation
import Testing

@testable import Strata

/// A layer whose computation is given.
private final class Own: Layer {
    private let body: (SymbolicTensor) -> SymbolicTensor

    init(_ name: String, _ body: @escaping (SymbolicTensor) -> SymbolicTensor) {
        self.body = body
        super.init(name: name)
    }

    override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor { body(x) }
}

/// The logarithm of the squared error, which is −∞ where there is none.
private struct LogarithmOfError: Loss {
    static let className = "LogarithmOfError"
    var name = Self.defaultName
    var reduction = LossReduction.sumOverBatchSize
    var config: [String: JSONValue] { [:] }
    init() {}
    init(configuration: Configuration) throws(ConfigurationError) {}
    func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        (targets - predictions).square().log().mean(axes: [-1])
    }
}

@Suite struct DebugNumericsTests {
    private let x = Tensor([1, 0, 2, 3], shape: [2, 2])
    private let y = Tensor([1, 1], shape: [2, 1])

    private func watched(
        _ layers: [Layer], by optimizer: any Optimizer = SGD(learningRate: 0.1),
        loss: any Loss = .meanSquaredError
    ) throws -> Model {
        let model = try Sequential {
            Input(shape: [2], name: "numbers")
            layers
        }
        try model.compile(optimizer: optimizer, loss: loss)
        model.debugNumerics = true
        return model
    }

    private func dense(_ units: Int = 1) -> Dense {
        Dense(units, useBias: false, kernelInitializer: .ones, name: "dense")
    }

    private func caught(_ body: () throws -> Void) throws -> NumericsError {
        try #require(#expect(throws: NumericsError.self) { try body() })
    }

    @Test func `a logarithm of 0 in a layer is named, and the step is taken back`() throws {
        let model = try watched([Own("logarithm") { $0.log() }, dense()])
        let before = try model.getWeights()
        let error = try caught {
            try model.fit(x, y, batchSize: 1, epochs: 2, verbose: .silent, shuffle: false)
        }
        #expect(
            "\(error)" == """
                the loss is infinity in epoch 1, step 1
                  first in layer logarithm: log of 0.0 is -infinity at [0, 1]
                  fix: keep its argument above 0: add a small number such as 1e-7, or let the loss \
                take logits with fromLogits
                """)
        #expect(error.origin?.pass == .forward)
        #expect(try model.getWeights() == before)
        #expect(try model.optimizerVariables[0].value.integers == [0])
        #expect(try model.stepCounter.value.integers == [0])
    }

    @Test func `the step and epoch are those of the batch that fails`() throws {
        let model = try watched([Own("logarithm") { $0.log() }, dense()])
        let rows = Tensor([1, 1, 1, 1, 1, 0], shape: [3, 2])
        let targets = Tensor([0, 0, 0], shape: [3, 1])
        let error = try caught {
            try model.fit(
                rows, targets, batchSize: 1, epochs: 5, verbose: .silent, shuffle: false,
                initialEpoch: 3)
        }
        #expect((error.epoch, error.step) == (4, 3))
        // Two steps with a gradient of 0 each: log 1 is 0.
        #expect(try model.optimizerVariables[0].value.integers == [2])
        let evaluation = try caught {
            try model.evaluate(rows, targets, batchSize: 1, verbose: .silent)
        }
        #expect((evaluation.epoch, evaluation.step) == (nil, 3))
        #expect("\(evaluation)".hasPrefix("the loss is infinity in step 3\n"))
    }

    @Test func `a layer within another is named after it`() throws {
        let inner = try Sequential(name: "inner") {
            Input(shape: [2])
            Own("root") { ($0 - 1).sqrt() }
        }
        let error = try caught {
            try watched([inner, dense()]).trainOnBatch(x, y)
        }
        #expect(error.origin?.layer == "inner/root")
        #expect(error.origin?.operation == "sqrt")
        #expect(error.origin?.index == [0, 1])
        #expect("\(error)".contains("first in layer inner/root: sqrt of -1.0 is NaN at [0, 1]"))
    }

    /// The slope of a root at 0 is infinite, and the product with the input 0 is NaN.
    @Test func `a gradient that is not finite names the layer of which it is the gradient`() throws
    {
        let model = try watched([
            Dense(1, useBias: false, kernelInitializer: .zeros, name: "dense"),
            Own("root") { $0.sqrt() },
        ])
        let error = try caught { try model.trainOnBatch(x, y) }
        #expect(error.quantity == "the new value of kernel of layer dense")
        #expect(error.origin?.pass == .backward)
        #expect(error.origin?.layer == "root")
        #expect("\(error)".contains("first in the gradient of layer root: divide of "))
        #expect(try model.getWeights()[0].scalars == [0, 0])
    }

    @Test func `a loss that is not finite is named as the loss`() throws {
        let model = try watched([dense()], loss: LogarithmOfError())
        let error = try caught { try model.trainOnBatch(x, Tensor([1, 4], shape: [2, 1])) }
        #expect(error.origin?.pass == .loss)
        #expect("\(error)".contains("first in the loss: log of 0.0 is -infinity at [0, 0]"))
    }

    @Test func `an update that overflows names the weight`() throws {
        // The error is 2e10 and the gradient 2 · 2e10 · 1e10; times 1e20 it is more than float32 has.
        let model = try watched([dense()], by: SGD(learningRate: 1e20))
        let error = try caught {
            try model.trainOnBatch(
                Tensor([1e10, 1e10], shape: [1, 2]), Tensor([0], shape: [1, 1]))
        }
        #expect(error.quantity == "the new value of kernel of layer dense")
        #expect(error.origin?.pass == .update)
        #expect("\(error)".contains("first in the update of kernel of layer dense: multiply of "))
        #expect("\(error)".contains("fix: use a smaller learning rate"))
    }

    @Test func `a weight that is not finite before is named, in predictions too`() throws {
        let model = try watched([dense()])
        try model.setWeights([Tensor([1, .nan], shape: [2, 1])])
        let text = """
            the prediction is NaN
              kernel of layer dense is NaN at [1, 0] before the step
              fix: load weights that are finite, such as those of an earlier checkpoint
            """
        #expect("\(try caught { _ = try model.predict(x) })" == text)
        #expect("\(try caught { _ = try model.predictOnBatch(x) })" == text)
        let error = try caught { try model.trainOnBatch(x, y) }
        #expect(error.origin?.pass == nil && error.origin?.weight == "kernel")
    }

    /// log 0 in the discarded branch of a selection is no cause; the root of −1 is.
    @Test func `an infinity that is discarded is not taken for the cause`() throws {
        let model = try watched([
            Own("guarded") { x in x.greater(than: 0).select(x.log(), .constant(0)) },
            dense(),
            Own("root") { ($0 - 1).sqrt() },
        ])
        let error = try caught { _ = try model.predict(x) }
        #expect(error.origin?.layer == "root")
    }

    private static func trained(
        isLarge: Bool, debug: Bool
    ) throws -> (weights: [Tensor], History, Logs, Tensor) {
        try SeedStream.$own.withValue(SeedStream(seed: 5)) {
            let model = try Sequential {
                Input(shape: [8, 8, 1])
                Conv2D(isLarge ? 16 : 3, kernelSize: 3, activation: .relu)
                BatchNormalization()
                MaxPooling2D(2)
                Flatten()
                Dropout(0.3)
                Dense(3, activation: .softmax)
            }
            try model.compile(
                optimizer: Adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
            model.debugNumerics = debug
            let values = (0..<20 * 64).map { (index: Int) -> Float in
                Float(index * 37 % 101) / 50 - 1
            }
            let x = Tensor(values, shape: [20, 8, 8, 1])
            let y = Tensor((0..<20).map { Int32($0 % 3) })
            let history = try model.fit(
                x, y, batchSize: 8, epochs: 3, verbose: .silent, validationSplit: 0.2)
            return (
                try model.getWeights(), history, try model.evaluate(x, y, verbose: .silent),
                try model.predict(x)
            )
        }
    }

    @Test(arguments: [true, false])
    func `weights, logs and random streams have the same bits with and without`(isLarge: Bool)
        throws
    {
        let (plain, watched) = (
            try Self.trained(isLarge: isLarge, debug: false),
            try Self.trained(isLarge: isLarge, debug: true)
        )
        #expect(plain.weights == watched.weights)
        #expect(plain.1.logs == watched.1.logs)
        #expect(plain.2 == watched.2)
        #expect(plain.3 == watched.3)
    }

    @Test func `loss scaling skips gradients that are not finite as without`() throws {
        // 2 · 2e30 · 1e30 · scale is infinite for any scale; the squared error of 4e30 is not.
        let optimizer = LossScaleOptimizer(SGD(learningRate: 0.1), initialScale: 1e30)
        let model = try watched([dense()], by: optimizer)
        let x = Tensor([1e10, 1e10], shape: [1, 2])
        let logs = try model.trainOnBatch(x, Tensor([0], shape: [1, 1]))
        #expect(logs["loss"] == 4e20)
        #expect(try model.getWeights()[0].scalars == [1, 1])
    }

    @Test func `after a step that was taken back training can go on`() throws {
        let model = try watched([Own("logarithm") { $0.log() }, dense()])
        _ = try caught { try model.trainOnBatch(x, y) }
        let other = try watched([Own("logarithm") { $0.log() }, dense()])
        let good = Tensor([1, 2, 3, 4], shape: [2, 2])
        #expect(try model.trainOnBatch(good, y) == other.trainOnBatch(good, y))
        #expect(try model.getWeights() == other.getWeights())
    }
}
