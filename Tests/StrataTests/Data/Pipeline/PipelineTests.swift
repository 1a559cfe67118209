import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Strata

/// The limit is for what never ends.
@Suite(.timeLimit(.minutes(10))) struct PipelineTests {
    /// Ten samples: sample i is the number i, and counts how often it was made.
    private final class Counting: SampleSource {
        let count = 10
        let made = Mutex<[Int]>([])
        private let change = DispatchSemaphore(value: 0)
        private let end: DispatchSemaphore?

        /// - Parameter end: is signalled when nobody holds the source any more.
        init(end: DispatchSemaphore? = nil) { self.end = end }

        deinit { end?.signal() }

        func batch(of indices: [Int]) throws -> Batch {
            made.withLock { $0 += indices }
            change.signal()
            let values = indices.map { Float($0) }
            return Batch(
                x: Tensor(values.flatMap { [$0, -$0] }, shape: [indices.count, 2]),
                y: Tensor(indices.map { Int32($0) }))
        }

        /// Waits until so many samples were made; then how many there are.
        func count(from least: Int) -> Int {
            while made.withLock({ $0.count }) < least { change.wait() }
            return made.withLock { $0.count }
        }
    }

    private func labels(_ data: any Dataset, epoch: Int = 0) throws -> [[Int]] {
        var batches = try data.batches(inEpoch: epoch)
        var all: [[Int]] = []
        while let batch = try batches.next() { all.append(batch.y[0].integers) }
        return all
    }

    @Test func `batches come in order, the last one smaller`() throws {
        let data = Counting().batched(4)
        #expect(data.batchCount == 3)
        #expect(try labels(data) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
        let whole = Counting().batched(4, dropsRemainder: true)
        #expect(whole.batchCount == 2)
        #expect(try labels(whole) == [[0, 1, 2, 3], [4, 5, 6, 7]])
    }

    @Test func `every epoch is shuffled in an order that the seed fixes`() throws {
        let data = Counting().batched(3).shuffled(seed: 5)
        let first = try labels(data).flatMap { $0 }
        #expect(first.sorted() == Array(0..<10))
        #expect(first != Array(0..<10))
        #expect(try labels(data).flatMap { $0 } == first)
        #expect(try labels(data, epoch: 1).flatMap { $0 } != first)
        #expect(try labels(Counting().batched(3).shuffled(seed: 5)).flatMap { $0 } == first)
    }

    @Test(arguments: 1...4)
    func `batches made ahead are the same, whatever the threads`(threads: Int) throws {
        let drawn: BatchedDataset.Transform = { batch, generator in
            var batch = batch
            batch.x[0] = Tensor(
                batch.x[0].scalars.map { $0 + generator.uniform() }, shape: batch.x[0].shape)
            return batch
        }
        let plain = Counting().batched(3).shuffled(seed: 5).mapped(drawn)
        var one = plain.batches(inEpoch: 2)
        var other = plain.prefetched(2, threads: threads).batches(inEpoch: 2)
        for _ in 0..<5 { try #expect(one.next() == other.next()) }
    }

    @Test func `no more batches lie ready than were asked for`() throws {
        let source = Counting()
        var batches = source.batched(1).prefetched(3, threads: 2).batches(inEpoch: 0)
        for taken in 1...7 {
            _ = try batches.next()
            // Those that were taken, three more, and none beyond.
            #expect(source.count(from: taken + 3) == taken + 3)
        }
    }

    @Test func `threads end when the reader goes`() throws {
        // A thread holds the source until it ends.
        let end = DispatchSemaphore(value: 0)
        for _ in 0..<100 {
            var batches = Counting(end: end).batched(1).prefetched(2, threads: 3)
                .batches(inEpoch: 0)
            _ = try batches.next()
        }
        for _ in 0..<100 { end.wait() }
    }

    private struct Failing: SampleSource {
        struct Problem: Error {}
        let count = 10
        func batch(of indices: [Int]) throws -> Batch {
            if indices.contains(5) { throw Problem() }
            return Batch(x: Tensor(indices.map { Float($0) }))
        }
    }

    @Test func `what goes wrong on a thread is thrown where the batch is taken`() throws {
        var batches = Failing().batched(2).prefetched().batches(inEpoch: 0)
        _ = try batches.next()
        _ = try batches.next()
        #expect(throws: Failing.Problem.self) { try batches.next() }
    }

    @Test(arguments: [true, false])
    func `samples that are kept are made once, those beyond the limit anew`(isFile: Bool) throws {
        func cached(_ source: Counting, _ limit: Int) throws -> any SampleSource {
            let folder = FileManager.default.temporaryDirectory.path
            return isFile
                ? try source.cached(inFolder: folder, limit: limit) : source.cached(limit: limit)
        }
        let source = Counting()
        // 12 bytes a sample: two float32 and an int32.
        let data = try cached(source, 120).batched(4).shuffled(seed: 1)
        let expected = Counting().batched(4).shuffled(seed: 1)
        for epoch in 0..<3 {
            var (one, other) = (data.batches(inEpoch: epoch), expected.batches(inEpoch: epoch))
            for _ in 0..<4 { try #expect(one.next() == other.next()) }
        }
        #expect(source.made.withLock { $0.sorted() } == Array(0..<10))

        let small = Counting()
        let few = try cached(small, 47).batched(5)
        for epoch in 0..<2 { #expect(try labels(few, epoch: epoch).flatMap { $0 }.count == 10) }
        #expect(small.made.withLock { $0.count } == 17)
    }

    @Test(arguments: [-1, 3, .max, .min])
    func `a sample that is not there is an error`(index: Int) throws {
        let source = try ArraySource(Tensor([1, 2, 3]), Tensor([0, 1, 0] as [Int32]))
        let files = ImageFiles(
            ["a.png", "b.png", "c.png"], targets: nil,
            loading: ImageLoading(
                colorMode: .grayscale, height: 2, width: 2, interpolation: .bilinear, fit: .crop,
                isReduced: true), isStrict: false)
        for source in [source, files, source.cached(limit: 1000)] as [any SampleSource] {
            let error = #expect(throws: DataError.self) { try source.batch(of: [0, index]) }
            #expect(
                error?.description
                    == "there is no sample \(index) in a source of 3; use indices from 0 to 2")
        }
        #expect(try source.batch(of: [2, 0, 2]).x == [Tensor([3, 1, 3])])
        let empty = try ArraySource(Tensor.zeros([0, 2]))
        #expect(throws: DataError.self) { try empty.batch(of: [0]) }
    }

    /// A sequence of one's own, of no known length.
    private struct Stream: Dataset {
        struct Batches: BatchIterator {
            var left: Int
            mutating func next() -> Batch? {
                left -= 1
                guard left >= 0 else { return nil }
                return Batch(
                    x: Tensor([1, 2, 3, 4].map { Float($0) }, shape: [4, 1]),
                    y: Tensor([2, 4, 6, 8].map { Float($0) }, shape: [4, 1]))
            }
        }
        var batchCount: Int? { nil }
        func batches(inEpoch epoch: Int) -> any BatchIterator { Batches(left: 5) }
    }

    private func line() throws -> Model {
        let model = try Sequential {
            Input(shape: [1])
            Dense(1)
        }
        try model.compile(optimizer: SGD(learningRate: 0.05), loss: .meanSquaredError)
        return model
    }

    @Test func `a model learns from a sequence of one's own`() throws {
        let model = try line()
        let history = try model.fit(
            Stream().prefetched(), epochs: 60, verbose: .silent, validationData: Stream())
        #expect(history["loss"].count == 60)
        #expect(try #require(history["val_loss"].last) < 1e-2)
        #expect(try model.evaluate(Stream(), verbose: .silent)["loss"] == history["val_loss"].last)
        #expect(try model.predict(Stream())[0].shape == [20, 1])
    }

    /// Tells how many steps each epoch had.
    private final class Steps: Callback {
        var counts: [Int] = []
        override func onEpochBegin(_ epoch: Int) { counts.append(0) }
        override func onTrainBatchEnd(_ batch: Int, logs: Logs) { counts[counts.count - 1] += 1 }
    }

    @Test func `epochs of a fixed length go on where the last one ended`() throws {
        let source = Counting()
        let model = try Sequential {
            Input(shape: [2])
            Dense(1)
        }
        try model.compile(optimizer: SGD(), loss: .meanSquaredError)
        let steps = Steps()
        try model.fit(
            source.batched(2), epochs: 3, verbose: .silent, callbacks: [steps], stepsPerEpoch: 3)
        #expect(steps.counts == [3, 3, 3])
        // Nine batches of two: the first round, and four batches of the second.
        #expect(
            source.made.withLock { $0 } == Array(0..<10) + Array(0..<8))
    }

    /// Waits at the end of each step for what the source is to have made by then, and counts it.
    private final class Made: Callback {
        let source: Counting
        let expected: [Int]
        var counts: [Int] = []

        init(_ source: Counting, expected: [Int]) {
            self.source = source
            self.expected = expected
        }

        override func onTrainBatchEnd(_ batch: Int, logs: Logs) {
            counts.append(source.count(from: expected[min(counts.count, expected.count - 1)]))
        }
    }

    @Test func `the next epoch's first batches are made during the last step, and none too many`()
        throws
    {
        let source = Counting()
        let model = try Sequential {
            Input(shape: [2])
            Dense(1)
        }
        try model.compile(optimizer: SGD(), loss: .meanSquaredError)
        let made = Made(source, expected: [10, 20, 20, 20])
        // Two batches of five, two of which may lie ready.
        try model.fit(
            source.batched(5).prefetched(2, threads: 1), epochs: 2, verbose: .silent,
            callbacks: [made])
        #expect(made.counts == made.expected)
    }

    @Test func `the same batches train as the same tensors do`() throws {
        let x = Tensor((0..<20).map { Float($0) / 20 }, shape: [20, 1])
        let y = Tensor((0..<20).map { Float($0) / 5 }, shape: [20, 1])
        var results: [[Tensor]] = []
        for isDataset in [true, false] {
            let model = try SeedStream.$own.withValue(SeedStream(seed: 3)) { try line() }
            if isDataset {
                try model.fit(
                    ArraySource(x, y).batched(8).prefetched(), epochs: 3, verbose: .silent)
            } else {
                try model.fit(x, y, batchSize: 8, epochs: 3, verbose: .silent, shuffle: false)
            }
            results.append(try model.getWeights())
        }
        #expect(results[0] == results[1])
    }

    @Test func `no samples, and batches that do not fit, are errors`() throws {
        let model = try line()
        let wrong = try ArraySource(Tensor(repeating: 1, shape: [4, 3]), Tensor([1, 2, 3, 4]))
        #expect(throws: ModelError.self) {
            try model.fit(wrong.batched(2), verbose: .silent)
        }
        #expect(throws: ModelError.self) {
            try model.fit(Stream(), verbose: .silent, stepsPerEpoch: 0)
        }
        #expect(throws: DataError.self) {
            try ArraySource(Tensor([1, 2, 3]), Tensor([1, 2]))
        }
    }
}
