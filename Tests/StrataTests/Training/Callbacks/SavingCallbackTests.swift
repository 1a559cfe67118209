import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// Callbacks that write files of the model.
@Suite struct SavingCallbackTests {
    private let x = Tensor([1, 2, 3, 4], shape: [4, 1])
    private let y = Tensor([2, 4, 6, 8], shape: [4, 1])

    private func model(_ optimizer: any Optimizer = Adam(learningRate: 0.1)) throws -> Model {
        let model = try Sequential(name: "net") {
            Input(shape: [1])
            Dense(1, kernelInitializer: .ones, name: "dense")
        }
        try model.compile(optimizer: optimizer, loss: .meanSquaredError, metrics: [.accuracy])
        return model
    }

    private func fit(
        _ model: Model, epochs: Int = 2, batchSize: Int = 2, _ callbacks: [Callback]
    ) throws -> History {
        try model.fit(
            x, y, batchSize: batchSize, epochs: epochs, verbose: .silent, callbacks: callbacks,
            shuffle: false)
    }

    // MARK: ModelCheckpoint

    @Test func `weights alone are saved, into folders that are made`() throws {
        let folder = try TemporaryFolder()
        let model = try model()
        _ = try fit(
            model,
            [ModelCheckpoint("\(folder.path)/a/b/{epoch}.weights.h5", saveWeightsOnly: true)])
        let again = try self.model()
        try again.loadWeights(from: "\(folder.path)/a/b/2.weights.h5")
        #expect(try again.getWeights() == model.getWeights())
    }

    @Test func `a model is saved after so many batches of all epochs`() throws {
        let folder = try TemporaryFolder()
        // 4 batches of 1 in each of 2 epochs: the third is 1/3, the sixth 2/2.
        _ = try fit(
            try model(), batchSize: 1,
            [
                ModelCheckpoint(
                    "\(folder.path)/{epoch}-{batch:02d}.keras", saveFrequency: .batches(3))
            ])
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["1-03.keras", "2-02.keras"])
    }

    @Test(arguments: [
        ("net.h5", false, ".keras"), ("net.keras", true, ".weights.h5"),
    ])
    func `a name with the wrong ending is an error before training`(
        path: String, weightsOnly: Bool, ending: String
    ) throws {
        let thrown = #expect(throws: ModelError.self) {
            try fit(try model(), [ModelCheckpoint(path, saveWeightsOnly: weightsOnly)])
        }
        #expect(
            thrown?.description
                == "ModelCheckpoint is to write \(path)\n  fix: use a name that ends in \(ending)")
    }

    @Test func `a quantity in the name that is not there is an error`() throws {
        let thrown = #expect(throws: ModelError.self) {
            try fit(try model(), [ModelCheckpoint("{val_loss}.keras")])
        }
        #expect(
            thrown?.description == """
                ModelCheckpoint is to write {val_loss}, but there are only: epoch, accuracy, loss
                  fix: use one of those in the path
                """)
    }

    @Test(arguments: [
        // As Python's format writes them.
        ("02d", 7, "07"), ("3d", 7, "  7"), ("", 12, "12"), (".2f", 7, "7.00"),
    ])
    func `whole numbers are formatted as in Python`(format: String, value: Int, text: String) {
        #expect(PythonFormat(format)?.text(value) == text)
    }

    @Test(arguments: [
        (".2f", Float(0.125), "0.12"), ("08.3f", -1.5, "-001.500"), (".1e", 1234.5, "1.2e+03"),
        (".1%", 0.256, "25.6%"), (".3g", 0.00012345, "0.000123"), ("6.1f", 2, "   2.0"),
    ])
    func `numbers are formatted as in Python`(format: String, value: Float, text: String) {
        #expect(PythonFormat(format)?.text(value) == text)
    }

    @Test(arguments: ["x", ".f", "d2", "999d", "s", "d"])
    func `other formats are none for a number`(format: String) {
        #expect(PythonFormat(format)?.text(Float(1)) == nil)
    }

    // MARK: BackupAndRestore

    /// The epochs that were trained.
    private final class Begun: Callback {
        private(set) var epochs: [Int] = []

        override func onEpochBegin(_ epoch: Int) { epochs.append(epoch) }
    }

    /// The epochs that a new model is trained in.
    private func resumed(epochs: Int, _ backup: BackupAndRestore) throws -> [Int] {
        let begun = Begun()
        let history = try fit(try model(), epochs: epochs, [backup, begun])
        #expect(history.epoch == Array(0..<epochs))
        return begun.epochs
    }

    /// The files of a backup, as a kill leaves them while that of three epochs replaces that of two.
    ///
    /// - Parameter isWritten: whether the new progress was written, or the new weights alone.
    @Test(arguments: [false, true])
    func `a kill while the state is saved mixes no epochs`(isWritten: Bool) throws {
        let folder = try TemporaryFolder()
        let whole = try model()
        _ = try fit(whole, epochs: 5, [])
        for epochs in 2...3 {
            _ = try fit(
                try model(), epochs: epochs,
                [BackupAndRestore("\(folder.path)/\(epochs)", deleteCheckpoint: false)])
        }
        let manager = FileManager.default
        try manager.moveItem(
            atPath: "\(folder.path)/3/latest.weights.h5",
            toPath: "\(folder.path)/2/epoch_3_batch_0.weights.h5")
        if isWritten {
            let progress = try Data(
                contentsOf: URL(fileURLWithPath: "\(folder.path)/3/training_metadata.json"))
            try progress.write(
                to: URL(fileURLWithPath: "\(folder.path)/2/training_metadata.json"))
        }
        let resumed = try model()
        let begun = Begun()
        let history = try fit(resumed, epochs: 5, [BackupAndRestore("\(folder.path)/2"), begun])
        #expect(begun.epochs == (isWritten ? [3, 4] : [2, 3, 4]))
        #expect(history.epoch == [0, 1, 2, 3, 4])
        #expect(try resumed.getWeights() == whole.getWeights())
    }

    @Test func `training goes on after an error as if there had been none`() throws {
        struct Crash: Error {}
        let folder = try TemporaryFolder()
        let backup = "\(folder.path)/backup"
        let whole = try model()
        _ = try fit(whole, epochs: 5, [])

        let crash = LambdaCallback(onEpochBegin: { if $0 == 3 { throw Crash() } })
        #expect(throws: Crash.self) {
            try fit(try model(), epochs: 5, [BackupAndRestore(backup), crash])
        }
        let again = try model()
        let begun = Begun()
        let history = try fit(again, epochs: 5, [BackupAndRestore(backup), begun])
        #expect(begun.epochs == [3, 4])
        #expect(history.logs == whole.history?.logs)
        #expect(try again.getWeights() == whole.getWeights())
        #expect(!FileManager.default.fileExists(atPath: backup))
    }

    /// Shuffling, augmentation, normalization, dropout, and a schedule of the learning rate.
    @Test func `training goes on with the random values that it would have had`() throws {
        struct Crash: Error {}
        let folder = try TemporaryFolder()
        let images = Tensor((0..<8 * 16).map { Float($0 * 37 % 11) }, shape: [8, 4, 4, 1])
        let labels = Tensor((0..<8).map { Int32($0 % 2) })
        let train = { (callbacks: [Callback]) throws -> Model in
            try SeedStream.$own.withValue(SeedStream(seed: 7)) {
                let model = try Sequential(name: "net") {
                    Input(shape: [4, 4, 1])
                    RandomTranslation(0.5, 0.5)
                    RandomFlip()
                    Flatten()
                    Dense(8)
                    BatchNormalization()
                    Dropout(0.5)
                    Dense(2, activation: .softmax)
                }
                try model.compile(
                    optimizer: Adam(learningRate: .schedule(CosineDecay(0.1, decaySteps: 16))),
                    loss: .sparseCategoricalCrossentropy)
                let seeds = LambdaCallback(onEpochBegin: { setRandomSeed(UInt64($0)) })
                try model.fit(
                    images, labels, batchSize: 2, epochs: 4, verbose: .silent,
                    callbacks: [seeds] + callbacks)
                return model
            }
        }
        let saving = { BackupAndRestore("\(folder.path)/backup") }
        let whole = try train([])
        let crash = LambdaCallback(onTrainBatchEnd: { batch, _ in if batch == 2 { throw Crash() } })
        let late = LambdaCallback(onEpochBegin: { if $0 == 2 { throw Crash() } })
        #expect(throws: Crash.self) { _ = try train([saving(), crash]) }
        #expect(throws: Crash.self) { _ = try train([saving(), late]) }
        let parts = try train([saving()])
        #expect(try parts.getWeights() == whole.getWeights())
        #expect(parts.history?.logs == whole.history?.logs)
    }

    @Test func `an interrupted epoch is done again`() throws {
        let folder = try TemporaryFolder()
        let backup = "\(folder.path)/backup"
        let first = try model()
        var batches = 0
        let interruption = LambdaCallback(onTrainBatchEnd: { [weak first] _, _ in
            batches += 1
            if batches == 3 { first?.stopRequest.set() }
        })
        _ = try fit(first, epochs: 3, [interruption, BackupAndRestore(backup)])
        #expect(try resumed(epochs: 3, BackupAndRestore(backup)) == [1, 2])
    }

    @Test(arguments: [false, true])
    func `an epoch after whose end a callback interrupts training is kept`(isFirst: Bool) throws {
        let folder = try TemporaryFolder()
        let backup = "\(folder.path)/backup"
        let first = try model()
        let interruption = LambdaCallback(onEpochEnd: { [weak first] epoch, _ in
            if epoch == 1 { first?.stopRequest.set() }
        })
        let saving = BackupAndRestore(backup)
        let callbacks = isFirst ? [interruption, saving] : [saving, interruption]
        #expect(try fit(first, epochs: 4, callbacks).epoch == [0, 1])
        #expect(try resumed(epochs: 4, BackupAndRestore(backup)) == [2, 3])
        #expect(!FileManager.default.fileExists(atPath: backup))
    }

    @Test func `early stopping completes training, and the backup is removed`() throws {
        let folder = try TemporaryFolder()
        let backup = "\(folder.path)/backup"
        let stopping = EarlyStopping(monitor: "loss", minDelta: 1e9, patience: 1)
        _ = try fit(try model(), epochs: 9, [stopping, BackupAndRestore(backup)])
        #expect(stopping.stoppedEpoch != nil)
        #expect(!FileManager.default.fileExists(atPath: backup))
    }

    @Test func `other files in the folder of a backup stay`() throws {
        let folder = try TemporaryFolder()
        // The names are like those that a backup has.
        let others = [
            ".epoch_1.x.partial", ".latest.partial", "best/latest.weights.h5", "epoch_1.png",
            "epoch_1_batch_2.csv", "latest.keras", "latest.weights.h5.bkp2", "picture.partial",
        ]
        let leftovers = [
            ".epoch_7_batch_0.safetensors.1a2b.partial", ".training_metadata.json.1a2b.partial",
            "epoch_7_batch_0.weights.h5", "latest.weights.h5.bkp", "training_metadata.json.bkp",
        ]
        for name in others + leftovers { try folder.write([1], to: name) }
        _ = try fit(try model(), [BackupAndRestore(folder.path)])
        #expect(folder.files == others)
    }

    @Test func `a damaged state falls back to the one before`() throws {
        let folder = try TemporaryFolder()
        let backup = "\(folder.path)/backup"
        let callback = {
            BackupAndRestore(backup, doubleCheckpoint: true, deleteCheckpoint: false)
        }
        _ = try fit(try model(), epochs: 3, [callback()])
        try FileContents.write([1, 2, 3], to: "\(backup)/latest.weights.h5")
        #expect(try resumed(epochs: 4, callback()) == [2, 3])
    }

    // MARK: SwapEMAWeights

    private func averaging() -> SGD {
        SGD(learningRate: 0.01, options: OptimizerOptions(useEMA: true, emaMomentum: 0.5))
    }

    @Test(arguments: [false, true])
    func `averages stand in the model while it is evaluated`(onEpoch: Bool) throws {
        let model = try model(averaging())
        var weights: [[Tensor]] = []
        let look = { [weak model] in try weights.append(model?.getWeights() ?? []) }
        let swap = SwapEMAWeights(swapOnEpoch: onEpoch)
        final class Looking: Callback {
            let look: () throws -> Void
            init(_ look: @escaping () throws -> Void) { self.look = look }
            override func onTestBegin() throws { try look() }
            override func onEpochEnd(_ epoch: Int, logs: Logs) throws { try look() }
        }
        try model.fit(
            x, y, batchSize: 2, epochs: 1, verbose: .silent,
            callbacks: [Looking(look), swap, Looking(look)], validationData: (x, y))
        // Before the swap and after it, at the test's begin and at the epoch's end.
        #expect(weights[0] != weights[1])
        #expect((weights[2] == weights[3]) == !onEpoch)
        if onEpoch { #expect(weights[3] == weights[1]) }
        // `fit` leaves the averages in the model, as Keras does.
        #expect(try model.getWeights() == weights[1])
    }

    @Test func `an optimizer without averages is an error that says so`() throws {
        let thrown = #expect(throws: ModelError.self) {
            try fit(try model(), [SwapEMAWeights(swapOnEpoch: true)])
        }
        #expect(thrown?.description.contains("useEMA") == true)
    }

    // MARK: What is watched

    @Test func `metrics say themselves in which direction they are better`() throws {
        let model = try model()
        try model.compile(
            optimizer: SGD(learningRate: 0), loss: .meanSquaredError,
            metrics: [
                BinaryAccuracy(name: "hits"), MeanAbsoluteErrorMetric(name: "mae"),
                Mean(name: "middle"),
            ])
        for (name, better) in [("hits", Float(2)), ("mae", 0), ("loss", 0), ("val_hits", 2)] {
            var quantity = MonitoredQuantity(name, .automatic)
            model.prepareTrackers(
                try TrainingData([x], [y], sampleWeight: nil, classWeight: nil, for: model))
            _ = try quantity.value(in: [name: 1], of: model, for: "Test")
            #expect(quantity.isBetter(better, than: 1), "\(name)")
            #expect(!quantity.isBetter(better, than: better), "\(name)")
        }
    }

    @Test func `the history holds the learning rate where a callback looks after it`() throws {
        let rates: [Float] = [1 / 2, 1 / 3]
        let history = try fit(
            try model(), [LearningRateScheduler { epoch, _ in rates[epoch] }])
        #expect(history["learning_rate"] == rates)
    }
}
