/// Batches of a ``SampleSource``, optionally shuffled, mapped and prefetched.
public struct BatchedDataset: PrefetchingDataset, SeekableDataset, SeededDataset,
    DivisibleDataset
{
    /// Maps a batch; the generator depends on the seed, the epoch and the batch.
    public typealias Transform = @Sendable (Batch, inout RandomGenerator) throws -> Batch

    private var source: any SampleSource
    public let batchSize: Int
    private let dropsRemainder: Bool
    /// The seed of shuffling and of transforms.
    private var seed: UInt64 = 0
    private var isShuffled = false
    private var transforms: [Transform] = []
    private var reading: (ahead: Int, threads: Int)?
    /// The rank that reads its samples alone.
    private var distribution: Distribution?
    /// The error of an argument, which is thrown with the first batch.
    private var problem: DataError?

    /// More threads than this only slow each other down.
    private static let mostThreads = 1024

    init(source: any SampleSource, batchSize: Int, dropsRemainder: Bool) {
        self.source = source
        self.batchSize = max(batchSize, 1)
        self.dropsRemainder = dropsRemainder
        if batchSize < 1 {
            problem = .invalidArgument("batchSize is \(batchSize)", fix: "use 1 or more")
        }
    }

    /// Shuffles the samples in each epoch.
    ///
    /// - Parameter seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    public func shuffled(seed: UInt64? = nil) -> BatchedDataset {
        var result = self
        result.isShuffled = true
        result.seed = seed ?? RandomGenerator.nextSeed()
        return result
    }

    /// Maps batches by a closure, on the prefetching threads.
    public func mapped(_ transform: @escaping Transform) -> BatchedDataset {
        var result = self
        result.transforms.append(transform)
        return result
    }

    /// Prefetches batches on separate threads while the model trains on earlier ones.
    ///
    /// - Parameters:
    ///   - ahead: the maximum number of prefetched batches, 1 or more, which bounds the memory.
    ///   - threads: the number of threads, 1 to 1024; ``threadCount()`` if left out.
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

    /// The same with another source of the same samples.
    func reading(_ source: any SampleSource) -> BatchedDataset {
        var result = self
        result.source = source
        return result
    }

    /// The number of samples in an epoch.
    public var count: Int {
        dropsRemainder ? source.count / batchSize * batchSize : source.count
    }

    public var classNames: [String] { source.classNames }

    var isPrefetching: Bool { reading != nil }

    var seeds: [UInt64] {
        get { [seed] }
        set { seed = newValue.first ?? seed }
    }

    func divided(for distribution: Distribution) -> (any DivisibleDataset)? {
        guard transforms.isEmpty else { return nil }
        var result = self
        result.distribution = distribution
        return result
    }

    func sampleCount(ofBatch number: Int) -> Int {
        max(min(batchSize, count - number * batchSize), 0)
    }

    var digest: String {
        let first = try? source.batch(of: [0]).tensors.map { Digest.of($0) }
        return "\(count) \(batchSize) \(classNames) \(first ?? [])"
    }

    public var batchCount: Int? { Strata.batchCount(of: count, batchSize: batchSize) }

    /// The batches of an epoch; the first one is an error if an argument of the data set is out of
    /// range.
    public func batches(inEpoch epoch: Int) -> any BatchIterator {
        self.batches(inEpoch: epoch, after: 0)
    }

    func batches(inEpoch epoch: Int, after first: Int) -> any BatchIterator {
        if let problem { return NoBatches(problem: problem) }
        let batches = EpochBatches(self, epoch)
        guard let reading, batches.count > 0 else {
            return SerialBatches(batches: batches, number: first)
        }
        return PrefetchedBatches(
            ahead: min(reading.ahead, batches.count),
            makers: (0..<min(reading.threads, batches.count)).map { _ in
                { number in try batches.batch(first + number) }
            })
    }

    /// The batches of one epoch by index; each depends on its index only.
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
            var rows = order[start..<min(start + dataset.batchSize, dataset.count)]
            if let share = dataset.distribution?.share(of: rows.count) {
                rows = rows.dropFirst(share.rows.lowerBound).prefix(share.rows.count)
            }
            var batch = try dataset.source.batch(of: Array(rows))
            var generator = RandomGenerator(
                seed: RandomGenerator.derived(seed, salt: UInt64(number)))
            for transform in dataset.transforms { batch = try transform(batch, &generator) }
            return batch
        }
    }

    /// An error instead of batches.
    private struct NoBatches: BatchIterator {
        let problem: DataError

        func next() throws -> Batch? { throw problem }
    }

    private struct SerialBatches: BatchIterator {
        let batches: EpochBatches
        var number: Int

        mutating func next() throws -> Batch? {
            defer { number += 1 }
            return try batches.batch(number)
        }
    }
}
