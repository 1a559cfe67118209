import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// Interrupted training goes on to the same bits.
@Suite struct ResumedTrainingTests {
    /// Ends training with an error at one moment.
    private final class Crash: Callback {
        struct Failure: Error {}

        enum Moment {
            case batch
            case epochBegin
            case validation
            case epochEnd
        }

        private let moment: Moment
        private var left: Int

        init(_ moment: Moment, number: Int) {
            self.moment = moment
            left = number
        }

        private func pass(_ moment: Moment) throws {
            guard moment == self.moment else { return }
            left -= 1
            if left == 0 { throw Failure() }
        }

        override func onTrainBatchEnd(_ batch: Int, logs: Logs) throws { try pass(.batch) }
        override func onEpochBegin(_ epoch: Int) throws { try pass(.epochBegin) }
        override func onTestBegin() throws { try pass(.validation) }
        override func onEpochEnd(_ epoch: Int, logs: Logs) throws { try pass(.epochEnd) }
    }

    @Test(
        arguments: [
            (.arrays, .float32, .epoch), (.arrays, .mixedBfloat16, .batches(1)),
            (.arraysInSteps, .mixedBfloat16, .epoch), (.arraysInSteps, .float32, .batches(2)),
            (.folder, .float32, .epoch), (.folder, .mixedBfloat16, .batches(3)),
            (.folderInSteps, .mixedBfloat16, .epoch), (.folderInSteps, .float32, .batches(1)),
        ] as [(ResumableTraining.Source, DTypePolicy, ModelCheckpoint.SaveFrequency)])
    func `training that failed again and again ends with the same bits`(
        source: ResumableTraining.Source, policy: DTypePolicy,
        saving: ModelCheckpoint.SaveFrequency
    ) throws {
        let place = try TemporaryFolder()
        let training = ResumableTraining(source: source, policy: policy, folder: place.path)
        try training.writePictures()
        let whole = try training.run(saving: nil)
        #expect(whole.epochs == Array(0..<ResumableTraining.epochs))
        let crashes: [Crash] = [
            Crash(.batch, number: 5), Crash(.epochEnd, number: 1), Crash(.batch, number: 2),
            Crash(.validation, number: 2), Crash(.epochBegin, number: 1),
        ]
        for crash in crashes {
            #expect(throws: Crash.Failure.self) {
                _ = try training.run(saving: saving, [crash])
            }
        }
        let resumed = try training.run(saving: saving)
        #expect(resumed.weights == whole.weights)
        #expect(resumed.optimizer == whole.optimizer)
        #expect(resumed.best == whole.best, "the checkpoint")
        #expect(resumed.epochs == whole.epochs)
        #expect(resumed.logs == whole.logs)
        #expect(resumed.table == whole.table)
        #expect(!FileManager.default.fileExists(atPath: training.backup))
    }

    // MARK: Callbacks

    private let x = Tensor([1, 2, 3, 4], shape: [4, 1])
    private let y = Tensor([2, 4, 6, 8], shape: [4, 1])

    private func fit(epochs: Int, _ callbacks: [Callback]) throws -> Model {
        let model = try Sequential(name: "net") {
            Input(shape: [1])
            Dense(1, kernelInitializer: .ones, name: "dense")
        }
        try model.compile(
            optimizer: SGD(
                learningRate: 0.01, options: OptimizerOptions(useEMA: true, emaMomentum: 0.5)),
            loss: .meanSquaredError)
        try model.fit(
            x, y, batchSize: 2, epochs: epochs, verbose: .silent, callbacks: callbacks,
            shuffle: false)
        return model
    }

    @Test func `training that early stopping ended is not continued`() throws {
        let place = try TemporaryFolder()
        func callbacks() -> [Callback] {
            [
                BackupAndRestore("\(place.path)/backup", deleteCheckpoint: false),
                EarlyStopping(
                    monitor: "loss", minDelta: 1e9, patience: 2, restoreBestWeights: true),
            ]
        }
        let first = try fit(epochs: 9, callbacks())
        var count = 0
        let again = try fit(
            epochs: 9, callbacks() + [LambdaCallback(onEpochBegin: { _ in count += 1 })])
        #expect(count == 0)
        #expect(again.history?.epoch == [0, 1, 2])
        #expect(try again.getWeights() == first.getWeights())
    }

    @Test func `averages that stand in the model are swapped back`() throws {
        let place = try TemporaryFolder()
        let swap = { SwapEMAWeights(swapOnEpoch: true) }
        let whole = try fit(epochs: 4, [swap()])
        let crash = LambdaCallback(onEpochBegin: { if $0 == 2 { throw Crash.Failure() } })
        let backup = { BackupAndRestore("\(place.path)/backup") }
        #expect(throws: Crash.Failure.self) { try fit(epochs: 4, [backup(), swap(), crash]) }
        #expect(try fit(epochs: 4, [backup(), swap()]).getWeights() == whole.getWeights())
    }

    /// A callback of a user, which counts the batches of all epochs.
    private final class Counting: Callback {
        private(set) var count = 0
        private(set) var seen: [Float] = []

        override func onTrainBegin() { (count, seen) = (0, []) }

        override func onTrainBatchEnd(_ batch: Int, logs: Logs) {
            count += 1
            seen.append(logs["loss"] ?? .nan)
        }

        override func savedState() -> CallbackState? {
            CallbackState(["count": .integer(count)], tensors: [Tensor(seen)])
        }

        override func restore(_ state: CallbackState) {
            count = state.values["count"]?.integer ?? 0
            seen = state.tensors.first?.scalars ?? []
        }
    }

    @Test(arguments: [ModelCheckpoint.SaveFrequency.epoch, .batches(1)])
    func `callbacks go on with what they remembered, each with its own`(
        saving: ModelCheckpoint.SaveFrequency
    ) throws {
        let place = try TemporaryFolder()
        let whole = Counting()
        _ = try fit(epochs: 3, [whole])
        let backup = { BackupAndRestore("\(place.path)/backup", saveFrequency: saving) }
        let crash = LambdaCallback(onTrainBatchEnd: { [weak whole] batch, _ in
            if batch == 1, whole != nil { throw Crash.Failure() }
        })
        let early = LambdaCallback(onEpochBegin: { if $0 == 1 { throw Crash.Failure() } })
        #expect(throws: Crash.Failure.self) {
            try fit(epochs: 3, [Counting(), backup(), Counting(), early])
        }
        #expect(throws: Crash.Failure.self) {
            try fit(epochs: 3, [Counting(), backup(), Counting(), crash])
        }
        let (first, second) = (Counting(), Counting())
        _ = try fit(epochs: 3, [first, backup(), second])
        #expect(whole.count == 6)
        for callback in [first, second] {
            #expect(callback.count == whole.count)
            #expect(callback.seen == whole.seen)
        }
    }

    @Test func `the metadata are Keras's, with more members`() throws {
        let place = try TemporaryFolder()
        let backup = "\(place.path)/backup"
        _ = try fit(epochs: 3, [BackupAndRestore(backup, deleteCheckpoint: false)])
        let json = try JSONValue(
            parsing: String(contentsOfFile: "\(backup)/training_metadata.json", encoding: .utf8))
        #expect(json["epoch"] == 3)
        #expect(json["batch"] == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: backup).sorted()
        #expect(names == ["latest.weights.h5", "training_metadata.json"])
        // A folder of Keras has the epoch alone.
        try Data(#"{"epoch": 2, "batch": 1}"#.utf8).write(
            to: URL(fileURLWithPath: "\(backup)/training_metadata.json"))
        #expect(try fit(epochs: 4, [BackupAndRestore(backup)]).history?.epoch == [2, 3])
    }

    @Test func `what a killed process left while it saved is removed`() throws {
        let place = try TemporaryFolder()
        let backup = "\(place.path)/backup"
        let saving = {
            BackupAndRestore(
                backup, saveFrequency: .batches(1), doubleCheckpoint: true, deleteCheckpoint: false)
        }
        _ = try fit(epochs: 2, [saving()])
        for name in [".latest.weights.h5.1a2b.partial", "epoch_7_batch_1.weights.h5"] {
            try FileContents.write([1], to: "\(backup)/\(name)")
        }
        _ = try fit(epochs: 3, [saving()])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: backup).sorted() == [
                "epoch_2_batch_1.safetensors", "epoch_2_batch_2.safetensors",
                "latest.weights.h5", "latest.weights.h5.bkp", "training_metadata.json",
                "training_metadata.json.bkp",
            ])
    }
}
