import Foundation
import Testing

@testable import Strata

/// y = w · x with w = 1, which nothing changes: what is measured is arithmetic.
private func line(_ rate: LearningRate = 0, metrics: [any Metric] = []) throws -> Model {
    let model = try Sequential {
        Input(shape: [1])
        Dense(1, useBias: false, kernelInitializer: .ones)
    }
    try model.compile(
        optimizer: SGD(learningRate: rate), loss: .meanSquaredError, metrics: metrics)
    return model
}

private func column(_ values: [Float]) -> Tensor { Tensor(values, shape: [values.count, 1]) }

private func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "no error"
    } catch {
        return "\(error)"
    }
}

@Suite struct FitArgumentTests {
    @Test func `nested literals are one tensor to predict`() throws {
        let model = try line()
        let (x, predictions): (Tensor, Tensor) = ([[1], [3]], try model.predict([[1], [3]]))
        #expect(predictions == x)
        #expect(try model.predictOnBatch([[1], [3]]) == x)
        #expect(try model.predict([x]) == [x])
    }

    @Test func `a history prints a line for each epoch`() throws {
        let history = try line().fit(column([1, 3]), column([0, 0]), epochs: 2, verbose: .silent)
        #expect("\(history)" == "epoch 1: [\"loss\": 5.0]\nepoch 2: [\"loss\": 5.0]")
    }

    /// By Keras 3.15.1: int(math.floor(n * (1.0 - split))).
    @Test(arguments: [
        (60_000, 0.1, 54_000), (60_000, 0.2, 48_000), (50_000, 0.1, 45_000), (10, 0.3, 7),
        (10, 0.7, 3), (3, 0.3, 2), (100, 0.01, 99), (1000, 0.33, 669),
    ])
    func `the part for training is as large as in Keras`(count: Int, split: Double, expected: Int) {
        #expect(trainingCount(of: count, validationSplit: split) == expected)
    }

    @Test func `a fraction in a variable splits the samples, and the steps tell how many train`()
        throws
    {
        let counted = BatchCount()
        let split = 0.1
        try line().fit(
            column(Array(repeating: 1, count: 600)), column(Array(repeating: 1, count: 600)),
            batchSize: 1, verbose: .silent, callbacks: [counted], validationSplit: split)
        #expect(counted.training == 540)
        #expect(counted.validation == 60)
    }

    private final class BatchCount: Callback {
        var (training, validation) = (0, 0)
        override func onTrainBatchEnd(_ batch: Int, logs: Logs) { training += 1 }
        override func onTestBatchEnd(_ batch: Int, logs: Logs) { validation += 1 }
    }

    /// Keras 3.15.1 raises for each of them, too; 1 - 1e-17 is 1.
    @Test(arguments: [(3, 0.99, "training"), (1, 0.2, "training"), (3, 1e-17, "validation")])
    func `an empty part of a split is named`(count: Int, split: Double, part: String) throws {
        let x = column(Array(repeating: 1, count: count))
        let text = message { try line().fit(x, x, verbose: .silent, validationSplit: split) }
        #expect(text.contains("of \(count) samples leaves none for \(part)\n"))
        #expect(text.contains("fix: use another fraction, more samples, or validationData"))
    }

    /// Keras 3.15.1: x = ones[4, 2] through softmax, rate 0, split 0.5: val_loss is ln 2.
    @Test(arguments: [false, true])
    func `class weights do not count in validation, and sample weights do`(isOneHot: Bool) throws {
        let model = try Sequential {
            Input(shape: [2])
            Activation(.softmax)
        }
        try model.compile(
            optimizer: SGD(learningRate: 0),
            loss: isOneHot ? .categoricalCrossentropy : .sparseCategoricalCrossentropy)
        let x = Tensor(repeating: 1, shape: [4, 2])
        let y =
            isOneHot
            ? Tensor([1, 0, 1, 0, 0, 1, 0, 1] as [Float], shape: [4, 2])
            : Tensor([0, 0, 1, 1] as [Int32])
        let ln2 = Float(2).logarithm
        let weighted = try model.fit(
            x, y, verbose: .silent, validationSplit: 0.5, classWeight: [0: 5, 1: 3])
        // ln 2 and its multiples are rounded a few times: 5 · ln 2 is 3.5, where one unit in the last place is 2.4e-7.
        #expect(abs(weighted["loss"][0] - 5 * ln2) < 1e-5)
        #expect(abs(weighted["val_loss"][0] - ln2) < 1e-6)
        let both = try model.fit(
            x, y, verbose: .silent, validationSplit: 0.5, classWeight: [0: 5, 1: 3],
            sampleWeight: Tensor([1, 1, 2, 2]))
        #expect(abs(both["loss"][0] - 5 * ln2) < 1e-5)
        #expect(abs(both["val_loss"][0] - 2 * ln2) < 1e-6)
    }

    /// Keras 3.15.1: 1 and then 9; without a reset it would be 5.
    @Test func `steps on one batch begin with metrics that have gathered nothing`() throws {
        let model = try line(metrics: [.meanAbsoluteError])
        #expect(try model.testOnBatch(column([1]), column([0]))["loss"] == 1)
        let second = try model.testOnBatch(column([3]), column([0]))
        #expect(second["loss"] == 9)
        #expect(second["mean_absolute_error"] == 3)
        #expect(try model.trainOnBatch(column([2]), column([0]))["loss"] == 4)
        #expect(try model.trainOnBatch(column([3]), column([0]))["loss"] == 9)
        try model.fit(column([5]), column([0]), verbose: .silent)
        #expect(try model.evaluate(column([1]), column([0]), verbose: .silent)["loss"] == 1)
        #expect(try model.testOnBatch(column([2]), column([0]))["loss"] == 4)
    }

    @Test func `batches larger than the data are all of it`() throws {
        let (model, x) = (try line(), column([1, 2, 3]))
        let history = try model.fit(
            x, x, batchSize: .max, epochs: 2, verbose: .silent, validationData: (x, x),
            validationBatchSize: .max, validationFrequency: .max)
        #expect(history["loss"] == [0, 0])
        #expect(history["val_loss"] == [])
        #expect(
            try model.evaluate(x, x, batchSize: .max, verbose: .silent, steps: .max)["loss"] == 0)
        #expect(try model.predict(x, batchSize: .max, steps: .max) == x)
        let data = try ArraySource(x, x).batched(.max).prefetched(.max)
        #expect(data.batchCount == 1)
        let logs = try model.fit(data, epochs: 1, verbose: .silent, validationSteps: .max)
        #expect(logs["loss"] == [0])
        #expect(try model.evaluate(data, verbose: .silent, steps: .max)["loss"] == 0)
        #expect(try model.predict(data.prefetched(.max), steps: .max)[0] == x)
    }

    @Test func `training without an end is ended by a stop request`() throws {
        let (model, x) = (try line(), column([1, 2, 3]))
        let stop = LambdaCallback(onTrainBatchEnd: { [weak model] batch, _ in
            if batch == 4 { model?.stopRequest.set() }
        })
        let history = try model.fit(
            x, x, batchSize: .max, epochs: .max, verbose: .silent, callbacks: [stop],
            stepsPerEpoch: .max)
        #expect(history.epoch == [0])
    }

    @Test(arguments: [
        "batchSize", "epochs", "initialEpoch", "stepsPerEpoch", "validationSteps",
        "validationBatchSize", "validationFrequency", "validationSplit",
    ])
    func `what is out of range is named, with what to use`(name: String) throws {
        let (model, x) = (try line(), column([1, 2, 3]))
        func given(_ argument: String) -> Int? { name == argument ? .min : nil }
        let text = message {
            try model.fit(
                x, x, batchSize: given("batchSize") ?? 1, epochs: given("epochs") ?? 1,
                verbose: .silent, validationSplit: name == "validationSplit" ? .nan : 0,
                initialEpoch: given("initialEpoch") ?? 0, stepsPerEpoch: given("stepsPerEpoch"),
                validationSteps: given("validationSteps"),
                validationBatchSize: given("validationBatchSize"),
                validationFrequency: given("validationFrequency") ?? 1)
        }
        #expect(text.hasPrefix("\(name) is ") && text.contains("fix: use "))
    }

    @Test func `an epoch behind the last one trains nothing`() throws {
        let (model, x) = (try line(), column([1]))
        let data = try ArraySource(x, x).batched(1)
        #expect(try model.fit(x, x, verbose: .silent, initialEpoch: .max).epoch == [])
        #expect(try model.fit(data, verbose: .silent, initialEpoch: .max).epoch == [])
    }

    @Test(arguments: [0, -3, Int.min])
    func `batches and threads are 1 or more`(count: Int) throws {
        let (model, x) = (try line(), column([1, 2]))
        let source = try ArraySource(x, x)
        let sets: [any Dataset] = [
            source.batched(count), source.batched(1).prefetched(count),
            source.batched(1).prefetched(threads: count),
            source.batched(1).prefetched(threads: .max),
            (source.batched(1) as any Dataset).prefetched(count),
        ]
        for data in sets {
            let text = message { try model.fit(data, verbose: .silent) }
            #expect(text.contains("; use 1 "), "\(text)")
        }
    }

    @Test(arguments: [Float.nan, -1, .infinity])
    func `weights of samples and classes are finite and not negative`(weight: Float) throws {
        let (model, x) = (try line(), column([1, 0]))
        let ofClass = message {
            try model.fit(x, x, verbose: .silent, classWeight: [0: 1, 1: weight])
        }
        #expect(ofClass.contains("classWeight of class 1 is \(weight)"))
        let ofSample = message {
            try model.fit(x, x, verbose: .silent, sampleWeight: Tensor([1, weight]))
        }
        #expect(ofSample.contains("sampleWeight"))
        #expect(ofSample.contains("\(weight)") && ofSample.contains("fix: "))
        let data = try ArraySource(Batch(x: x, y: x, sampleWeight: Tensor([1, weight]))).batched(2)
        #expect(message { try model.evaluate(data, verbose: .silent) }.contains("\(weight)"))
    }
}

extension Float {
    fileprivate var logarithm: Float { Float(log(Double(self))) }
}
