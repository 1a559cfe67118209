/// Samples of a ``SampleSource`` in batches; shuffled, changed and read ahead as it is told.
public struct BatchedDataset: Dataset, PrefetchingDataset {
    /// Changes a batch; the generator's numbers follow from the seed, the epoch and the batch.
    public typealias Transform = @Sendable (Batch, inout RandomGenerator) throws -> Batch

    private var source: any SampleSource
    public let batchSize: Int
    private let dropsRemainder: Bool
    /// What the order of samples and the transforms' numbers follow from.
    private var seed: UInt64 = 0
    private var isShuffled = false
    private var transforms: [Transform] = []
    private var reading: (ahead: Int, threads: Int)?
    /// What is wrong with an argument; whoever asks for batches is told.
    private var problem: DataError?

    /// More threads than this only stand in each other's way.
    private static let mostThreads = 1024

    init(source: any SampleSource, batchSize: Int, dropsRemainder: Bool) {
        self.source = source
        self.batchSize = max(batchSize, 1)
        self.dropsRemainder = dropsRemainder
        if batchSize < 1 {
            problem = .invalidArgument("batchSize is \(batchSize)", fix: "use 1 or more")
        }
    }

    /// The same samples in an order of its own in each epoch.
    ///
    /// - Parameter seed: fixes the orders; otherwise ``setRandomSeed(_:)`` does.
    public func shuffled(seed: UInt64? = nil) -> BatchedDataset {
        var result = self
        result.isShuffled = true
        result.seed = seed ?? RandomGenerator.nextSeed()
        return result
    }

    /// The batches changed by a closure, on the threads that read ahead.
    public func mapped(_ transform: @escaping Transform) -> BatchedDataset {
        var result = self
        result.transforms.append(transform)
        return result
    }

    /// The batches made on threads of their own while the model works on earlier ones.
    ///
    /// - Parameters:
    ///   - ahead: how many batches may lie ready, 1 or more; what bounds the memory.
    ///   - threads: how many make them, 1 to 1024; ``threadCount()`` if left out.
    public func prefetched(_ ahead: Int = 4, threads: Int? = nil) -> BatchedDataset {
        var result = self
        let threads = threads ?? threadCount()
        result.reading = (max(ahead, 1), threads)
        if ahead < 1 {
            result.problem = .invalidArgument("prefetched(\(ahead))", fix: "use 1 or more batches")
        } else if !(1...Self.mostThreads).contains(threads) {
            result.problem = .invalidArgument(
                "prefetched(threads: \(threads))", fix: "use 1 to \(Self.mostThreads) threads")
        }
        return result
    }

    /// The same from another source of the same samples.
    func reading(_ source: any SampleSource) -> BatchedDataset {
        var result = self
        result.source = source
        return result
    }

    /// How many samples an epoch has.
    public var count: Int {
        dropsRemainder ? source.count / batchSize * batchSize : source.count
    }

    public var classNames: [String] { source.classNames }

    var isPrefetching: Bool { reading != nil }

    public var batchCount: Int? { Strata.batchCount(of: count, batchSize: batchSize) }

    /// The batches of an epoch; the first one is an error where an argument of the data set is out of range.
    public func batches(inEpoch epoch: Int) -> any BatchIterator {
        if let problem { return NoBatches(problem: problem) }
        let batches = EpochBatches(self, epoch)
        guard let reading, batches.count > 0 else { return SerialBatches(batches: batches) }
        return PrefetchedBatches(
            ahead: min(reading.ahead, batches.count),
            makers: (0..<min(reading.threads, batches.count)).map { _ in batches.batch })
    }

    /// The batches of one epoch by number; each depends on nothing but that.
    private struct EpochBatches: Sendable {
        let dataset: BatchedDataset
        let order: [Int]
        let seed: UInt64

        init(_ dataset: BatchedDataset, _ epoch: Int) {
            self.dataset = dataset
            seed = RandomGenerator.derived(dataset.seed, salt: UInt64(bitPattern: Int64(epoch)))
            var order = Array(0..<dataset.source.count)
            if dataset.isShuffled {
                var generator = RandomGenerator(seed: seed)
                order.shuffle(using: &generator)
            }
            self.order = order
        }

        var count: Int { dataset.batchCount ?? 0 }

        func batch(_ number: Int) throws -> Batch? {
            guard number < count else { return nil }
            let start = number * dataset.batchSize
            let rows = order[start..<min(start + dataset.batchSize, dataset.count)]
            var batch = try dataset.source.batch(of: Array(rows))
            var generator = RandomGenerator(
                seed: RandomGenerator.derived(seed, salt: UInt64(number)))
            for transform in dataset.transforms { batch = try transform(batch, &generator) }
            return batch
        }
    }

    /// In place of batches the reason why there are none.
    private struct NoBatches: BatchIterator {
        let problem: DataError

        func next() throws -> Batch? { throw problem }
    }

    private struct SerialBatches: BatchIterator {
        let batches: EpochBatches
        var number = 0

        mutating func next() throws -> Batch? {
            defer { number += 1 }
            return try batches.batch(number)
        }
    }
}
