import Foundation
import Testing

@testable import Strata

/// y = w · x with w = 1, x = 2, y = 0 and a rate of 1/16: every step halves w, whose losses are 4, 1, 1/4.
private func halving() throws -> Model {
    let model = try Sequential {
        Input(shape: [1])
        Dense(1, useBias: false, kernelInitializer: .ones)
    }
    try model.compile(optimizer: SGD(learningRate: 0.0625), loss: .meanSquaredError)
    return model
}

private let x = Tensor([2], shape: [1, 1])
private let y = Tensor([0], shape: [1, 1])

/// Writes down what a callback is told.
private final class Diary: Callback {
    var entries: [String] = []
    override func onTrainBegin() { entries.append("begin") }
    override func onEpochEnd(_ epoch: Int, logs: Logs) { entries.append("epoch \(epoch)") }
    override func onTrainEnd(logs: Logs) { entries.append("end") }
}

/// Batches without an end.
private struct Endless: Dataset {
    struct Batches: BatchIterator {
        mutating func next() -> Batch? { Batch(x: x, y: y) }
    }
    var batchCount: Int? { nil }
    func batches(inEpoch epoch: Int) -> any BatchIterator { Batches() }
}

@Suite struct TrainingEpochsTests {
    @Test func `a loop gets the epochs that fit records`() async throws {
        let (model, diary) = (try halving(), Diary())
        var losses: [Float] = []
        var numbers: [Int] = []
        for try await epoch in model.epochs(
            of: x, y, epochs: 5, callbacks: [diary], validationData: (x, y), initialEpoch: 2)
        {
            numbers.append(epoch.number)
            losses.append(epoch.logs["loss"] ?? .nan)
            let weight = losses.last.map { $0.squareRoot() / 4 } ?? 0
            #expect(try model.getWeights()[0].scalars == [weight])
        }
        #expect(numbers == [2, 3, 4])
        #expect(losses == [4, 1, 0.25])
        #expect(model.history?["val_loss"] == [1, 0.25, 0.0625])
        #expect(diary.entries == ["begin", "epoch 2", "epoch 3", "epoch 4", "end"])
    }

    @Test func `nothing is trained but what the loop asks for`() async throws {
        let (model, diary) = (try halving(), Diary())
        for try await epoch in model.epochs(of: x, y, epochs: .max, callbacks: [diary]) {
            await Task.yield()
            #expect(diary.entries.last == "epoch \(epoch.number)")
            if epoch.number == 1 { break }
        }
        #expect(try model.getWeights()[0].scalars == [0.25])
        #expect(diary.entries == ["begin", "epoch 0", "epoch 1", "end"])
    }

    @Test func `the best weights are restored when a loop is left`() async throws {
        let model = try halving()
        try model.compile(optimizer: SGD(learningRate: 0.75), loss: .meanSquaredError)
        let best = EarlyStopping(monitor: "loss", patience: 9, restoreBestWeights: true)
        for try await epoch in model.epochs(of: x, y, epochs: 9, callbacks: [best])
        where epoch.number == 2 {
            break
        }
        // A step multiplies w by 1 - 8 · 0.75 = -5: the first epoch is the best, and ends with -5.
        #expect(try model.getWeights()[0].scalars == [-5])
    }

    @Test func `wrong arguments are thrown by the loop`() async throws {
        let model = try halving()
        await #expect(throws: ModelError.self) {
            for try await _ in model.epochs(of: x, y, batchSize: 0) {}
        }
        await #expect(throws: ModelError.self) {
            for try await _ in model.epochs(of: Endless(), epochs: 0) {}
        }
    }

    @Test func `an actor that trains is free for others between steps`() async throws {
        try await Owner().check()
    }

    /// Owns a model, as a view of an app does on the main actor.
    private actor Owner {
        private var visits = 0

        private func visit() { visits += 1 }

        func check() async throws {
            let model = try halving()
            let visitor = Task {
                while !Task.isCancelled {
                    visit()
                    await Task.yield()
                }
            }
            // Epochs whose steps take turns with the visitor, until it came while one was under way.
            let pause = LambdaCallback(onTrainBatchEnd: { _, _ in
                Thread.sleep(forTimeInterval: 0.03)
            })
            var before = visits
            for try await epoch in model.epochs(
                of: Endless(), epochs: 100, callbacks: [pause], stepsPerEpoch: 3)
            {
                if epoch.number > 0, visits > before { break }
                before = visits
            }
            visitor.cancel()
            #expect(visits > 0)
        }
    }

    private enum Work: CaseIterable {
        case fit
        case fitDataset
        case epochs
        case evaluate
        case predict
        case predictDataset
        case adapt
    }

    @Test(arguments: Work.allCases)
    private func `work without an end is ended by cancelling its task`(_ work: Work) async throws {
        let task = Task {
            let model = try halving()
            let diary = Diary()
            let cancelling = Cancelling()
            defer {
                if [.fit, .fitDataset, .epochs].contains(work) {
                    #expect(diary.entries.first == "begin" && diary.entries.last == "end")
                    // What the three steps learned is kept.
                    #expect((try? model.getWeights())?[0].scalars == [0.125])
                    #expect(model.stopRequest.isInterruption)
                }
            }
            switch work {
            case .fit:
                try model.fit(
                    x, y, epochs: .max, verbose: .silent, callbacks: [cancelling, diary],
                    stepsPerEpoch: .max)
            case .fitDataset:
                try model.fit(
                    Endless().prefetched(), verbose: .silent, callbacks: [cancelling, diary])
            case .epochs:
                for try await _ in model.epochs(of: Endless(), callbacks: [cancelling, diary]) {}
            case .evaluate:
                try model.evaluate(Endless(), verbose: .silent, callbacks: [cancelling])
            case .predict:
                let samples = Tensor.zeros([2_000_000, 1])
                _ = try model.predict(samples, batchSize: 1, callbacks: [cancelling])
            case .predictDataset: _ = try model.predict(Endless(), callbacks: [cancelling])
            case .adapt: try Normalization().adapt(CancellingData())
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    private final class Cancelling: Callback {
        override func onTrainBatchEnd(_ batch: Int, logs: Logs) { cancel(after: batch) }
        override func onTestBatchEnd(_ batch: Int, logs: Logs) { cancel(after: batch) }
        override func onPredictBatchEnd(_ batch: Int) { cancel(after: batch) }
    }

    /// Batches without an end, the third of which cancels the task that takes it.
    private struct CancellingData: Dataset {
        struct Batches: BatchIterator {
            var count = 0
            mutating func next() -> Batch? {
                defer { count += 1 }
                cancel(after: count)
                return Batch(x: x, y: y)
            }
        }
        var batchCount: Int? { nil }
        func batches(inEpoch epoch: Int) -> any BatchIterator { Batches() }
    }

    @Test func `a step that waits for data that never comes is ended, too`() async throws {
        let began = DispatchSemaphore(value: 0)
        let release = DispatchSemaphore(value: 0)
        struct Stuck: Dataset {
            struct Batches: BatchIterator {
                let began: DispatchSemaphore
                let release: DispatchSemaphore
                mutating func next() -> Batch? {
                    began.signal()
                    release.wait()
                    return nil
                }
            }
            let began: DispatchSemaphore
            let release: DispatchSemaphore
            var batchCount: Int? { nil }
            func batches(inEpoch epoch: Int) -> any BatchIterator {
                Batches(began: began, release: release)
            }
        }
        let data = Stuck(began: began, release: release).prefetched(1)
        let task = Task { _ = try halving().fit(data, verbose: .silent) }
        // The task may hold the last thread of tasks.
        Thread.detachNewThread {
            began.wait()
            task.cancel()
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        release.signal()
    }
}

/// Cancels the task that runs, from within its third batch: no other thread is needed.
private func cancel(after batch: Int) {
    if batch == 2 { withUnsafeCurrentTask { $0?.cancel() } }
}
