import Foundation
import StrataGraph
import StrataTestSupport
import Synchronization
import Testing

@testable import Strata

/// What rank 0's callbacks decide holds for all ranks.
@Suite struct RankDecisionTests {
    private static let training = RankTraining.cases[0]

    /// The callbacks of one rank.
    private static let lists: [(name: String, make: @Sendable () -> [Callback])] = [
        ("a schedule", { [LearningRateScheduler { epoch, rate in epoch == 0 ? rate : rate / 2 }] }),
        (
            "early stopping, with the best weights",
            {
                [
                    EarlyStopping(
                        monitor: "val_loss", minDelta: 10, patience: 1, restoreBestWeights: true)
                ]
            }
        ),
        ("a stop within an epoch", { [Stop(afterBatch: 1)] }),
        ("new weights before each batch", { [Doubling()] }),
    ]

    /// Ends training for good within the first epoch.
    private final class Stop: Callback {
        private let batch: Int

        init(afterBatch batch: Int) { self.batch = batch }

        override func onTrainBatchEnd(_ batch: Int, logs: Logs) {
            if batch == self.batch { model?.stopRequest.set(isInterruption: false) }
        }
    }

    /// Scales the last bias before each batch.
    private final class Doubling: Callback {
        override func onTrainBatchBegin(_ batch: Int) throws {
            guard let bias = model?.trainableWeights.last else { return }
            try bias.assign(Tensor(try bias.value.scalars.map { $0 * 1.5 }, shape: bias.shape))
        }
    }

    @Test(arguments: lists.indices)
    func `callbacks act as in one process`(list: Int) throws {
        let make = Self.lists[list].make
        let expected = try SeedStream.$own.withValue(SeedStream(seed: 1)) {
            try Self.training.run(nil, make(), epochs: 4)
        }
        let ranks = try ThreadRankGroup.run(2) {
            try Self.training.run($0, make(), epochs: 4)
        }
        for rank in ranks {
            #expect(rank.logs.map(\.keys) == expected.logs.map(\.keys), "\(Self.lists[list].name)")
            #expect(rank.weights == ranks[0].weights)
            for (weight, other) in zip(rank.weights, expected.weights) {
                for (value, other) in zip(weight.scalars, other.scalars) {
                    #expect(abs(value - other) < 1e-4)
                }
            }
        }
    }

    /// Evaluates on data that only rank 0 has.
    @Test func `a callback evaluates the model on its own`() throws {
        @Sendable func evaluated(_ distribution: Distribution?) throws -> [Float] {
            let model = try Self.training.makeModel()
            if let distribution { try model.distribute(distribution) }
            var losses: [Float] = []
            let callback = LambdaCallback(onEpochEnd: { [unowned model] _, _ in
                let logs = try model.evaluate(
                    RankTraining.x[0..<3], RankTraining.y[0..<3], verbose: .silent)
                losses.append(logs["loss"] ?? .nan)
            })
            try model.fit(
                RankTraining.x, RankTraining.y, batchSize: 5, epochs: 3, verbose: .silent,
                callbacks: [callback])
            return losses
        }
        let expected = try SeedStream.$own.withValue(SeedStream(seed: 1)) { try evaluated(nil) }
        let ranks = try ThreadRankGroup.run(2) { try evaluated($0) }
        #expect(ranks[1] == [])
        try #require(ranks[0].count == 3 && expected.count == 3)
        for (loss, other) in zip(ranks[0], expected) { #expect(abs(loss - other) < 1e-5) }
    }

    @Test func `only rank 0 calls callbacks`() throws {
        let counts = try ThreadRankGroup.run(3) { distribution in
            let count = Mutex(0)
            let callback = LambdaCallback(onEpochEnd: { _, _ in count.withLock { $0 += 1 } })
            _ = try Self.training.run(distribution, [callback])
            return count.withLock { $0 }
        }
        #expect(counts == [2, 0, 0])
    }

    /// As by a signal that reaches one process.
    @Test(arguments: [0, 1])
    func `a request to stop at one rank stops all of them after the same step`(rank: Int) throws {
        let ends = try ThreadRankGroup.run(2) { distribution in
            let model = try Self.training.makeModel()
            try model.distribute(distribution)
            if distribution.rank == rank {
                Thread.detachNewThread { [stop = model.stopRequest] in
                    usleep(30_000)
                    stop.set()
                }
            }
            try model.fit(
                RankTraining.x, RankTraining.y, batchSize: 5, epochs: 100_000, verbose: .silent)
            return (model.history?.epoch.count ?? 0, try model.getWeights())
        }
        #expect(ends[0].0 == ends[1].0)
        #expect(ends[0].0 < 100_000)
        #expect(ends[0].1 == ends[1].1)
    }

    @Test(arguments: [(2, 3), (1, 2), (4, 1)])
    func `training goes on with another number of ranks`(first: Int, second: Int) throws {
        let place = try TemporaryFolder()
        let expected = try Self.training.alone()
        struct Kill: Error {}
        let killed = ThreadRankGroup.results(first) { distribution in
            var left = 5
            let kill = LambdaCallback(onTrainBatchEnd: { _, _ in
                left -= 1
                if left == 0 { throw Kill() }
            })
            let backup = BackupAndRestore("\(place.path)/backup", saveFrequency: .batches(1))
            return try Self.training.run(distribution, [backup, kill])
        }
        #expect(throws: Kill.self) { try killed[0].get() }
        let ranks = try ThreadRankGroup.run(second) { distribution in
            try Self.training.run(
                distribution,
                [BackupAndRestore("\(place.path)/backup", saveFrequency: .batches(1))])
        }
        for rank in ranks {
            #expect(rank.logs.count == expected.logs.count)
            for (line, other) in zip(rank.logs, expected.logs) {
                for name in other.keys {
                    #expect(abs((line[name] ?? .nan) - (other[name] ?? .nan)) < 1e-5)
                }
            }
        }
    }
}

/// Ranks that do not fit together, or of which one fails.
@Suite struct RankFailureTests {
    /// What a rank does otherwise than the others.
    enum Difference: CaseIterable {
        case model
        case compilation
        case data
        case batchSize

        var words: String {
            switch self {
            case .model: "another model"
            case .compilation: "another optimizer, loss or metric"
            case .data, .batchSize: "other data"
            }
        }
    }

    @Test(arguments: Difference.allCases)
    func `a rank that does something else is named with its host`(difference: Difference) {
        let results = ThreadRankGroup.results(3) { distribution in
            let isOdd = distribution.rank == 2
            let model = try Sequential(name: "net") {
                Input(shape: [6, 6, 1], name: "input")
                Flatten(name: "flatten")
                Dense(3, activation: difference == .model && isOdd ? .sigmoid : .softmax, name: "d")
            }
            try model.compile(
                optimizer: SGD(learningRate: difference == .compilation && isOdd ? 0.2 : 0.1),
                loss: .sparseCategoricalCrossentropy)
            try model.distribute(distribution)
            let (x, y) = (RankTraining.x, RankTraining.y)
            try model.fit(
                difference == .data && isOdd ? x * 2 : x, y,
                batchSize: difference == .batchSize && isOdd ? 4 : 5, verbose: .silent)
        }
        for result in results {
            let error = #expect(throws: DistributionError.self) { try result.get() }
            #expect(
                error?.problem == "rank 2 on host host2 has \(difference.words) than rank 0")
        }
    }

    private struct Broken: Error, CustomStringConvertible {
        var description: String { "the disk is gone" }
    }

    /// Fails while it is read.
    private struct BrokenSource: SampleSource {
        let count = 20
        let fails: Bool

        func batch(of indices: [Int]) throws -> Batch {
            if fails, indices.contains(17) { throw Broken() }
            return Batch(
                x: .zeros([indices.count, 6, 6, 1]), y: .zeros([indices.count], dtype: .int32))
        }
    }

    @Test func `an error of one rank ends all, and says which`() {
        let results = ThreadRankGroup.results(3) { distribution in
            let model = try RankTraining.cases[0].makeModel()
            try model.distribute(distribution)
            let source = BrokenSource(fails: distribution.rank == 1)
            try model.fit(source.batched(5), epochs: 2, verbose: .silent)
        }
        #expect(throws: Broken.self) { try results[1].get() }
        for rank in [0, 2] {
            let error = #expect(throws: DistributionError.self) { try results[rank].get() }
            #expect(error?.problem == "rank 1 on host1 gave up: the disk is gone")
        }
    }

    @Test(arguments: ["Dice", "Circle", "CosineSimilarity"])
    func `a loss over the whole batch is an error that says so`(name: String) {
        let results = ThreadRankGroup.results(2) { distribution in
            let model = try Sequential(name: "net") {
                Input(shape: [6, 6, 1], name: "input")
                Flatten(name: "flatten")
                Dense(3, name: "dense")
            }
            let losses: [String: any Loss] = [
                "Dice": Dice(), "Circle": Circle(), "CosineSimilarity": CosineSimilarity(axis: 0),
            ]
            try model.compile(optimizer: SGD(), loss: losses[name] ?? MeanSquaredError())
            try model.distribute(distribution)
            let y = name != "Circle" ? Tensor.zeros([13, 3]) : RankTraining.y
            try model.fit(RankTraining.x, y, batchSize: 5, verbose: .silent)
        }
        let errors = results.compactMap { result -> GraphError? in
            if case .failure(let error) = result { error as? GraphError } else { nil }
        }
        #expect(!errors.isEmpty)
        #expect(errors.allSatisfy { "\($0)".contains("train with one rank") })
    }

    @Test func `debugNumerics is for one rank`() {
        let results = ThreadRankGroup.results(2) { distribution in
            let model = try RankTraining.cases[0].makeModel()
            model.debugNumerics = true
            try model.distribute(distribution)
            try model.fit(RankTraining.x, RankTraining.y, verbose: .silent)
        }
        let messages = results.map { result in
            if case .failure(let error) = result { "\(error)" } else { "" }
        }
        #expect(messages.contains { $0.contains("debugNumerics is for one rank") })
    }
}
