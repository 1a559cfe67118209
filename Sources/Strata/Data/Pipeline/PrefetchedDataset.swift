/// A data set that may prefetch batches, including an epoch's first ones during the previous epoch.
protocol PrefetchingDataset: Dataset {
    var isPrefetching: Bool { get }
}

/// A data set whose first batches can be left out without being read.
protocol SeekableDataset: Dataset {
    /// The batches of an epoch after its first ones.
    func batches(inEpoch epoch: Int, after count: Int) throws -> any BatchIterator
}

/// A data set that draws random values.
protocol SeededDataset: Dataset {
    var seeds: [UInt64] { get set }
}

/// A data set of which a rank can read its own samples alone.
protocol DivisibleDataset: Dataset {
    /// The same with a rank's samples of each batch; `nil` if a whole batch has to be read for them.
    func divided(for distribution: Distribution) -> (any DivisibleDataset)?

    /// The number of samples of all ranks in a batch.
    ///
    /// - Parameter number: the index of the batch in its epoch.
    func sampleCount(ofBatch number: Int) -> Int

    /// A text that is the same for the same data.
    var digest: String { get }
}

extension Dataset {
    /// The batches of an epoch after its first ones, which are read if need be.
    func batches(inEpoch epoch: Int, after count: Int) throws -> any BatchIterator {
        if let seekable = self as? any SeekableDataset {
            return try seekable.batches(inEpoch: epoch, after: count)
        }
        var batches = try batches(inEpoch: epoch)
        for _ in 0..<count { _ = try batches.next() }
        return batches
    }
}

extension Dataset {
    /// Prefetches batches on a separate thread while the model trains on earlier ones.
    ///
    /// - Parameter ahead: the maximum number of prefetched batches, 1 or more, which bounds the
    ///   memory.
    /// - Returns: a data set whose batches are an error if `ahead` is below 1.
    public func prefetched(_ ahead: Int = 4) -> any Dataset {
        PrefetchedDataset(base: self, ahead: ahead)
    }
}

/// A sequence of batches, prefetched by one thread, since it is sequential.
private struct PrefetchedDataset: PrefetchingDataset, SeededDataset {
    var base: any Dataset
    let ahead: Int

    var batchCount: Int? { base.batchCount }
    var classNames: [String] { base.classNames }
    var isPrefetching: Bool { true }

    var seeds: [UInt64] {
        get { (base as? any SeededDataset)?.seeds ?? [] }
        set {
            guard var seeded = base as? any SeededDataset else { return }
            seeded.seeds = newValue
            base = seeded
        }
    }

    func batches(inEpoch epoch: Int) throws -> any BatchIterator {
        guard ahead > 0 else {
            throw DataError.invalidArgument("prefetched(\(ahead))", fix: "use 1 or more batches")
        }
        let reader = Reader(base: base, epoch: epoch)
        return PrefetchedBatches(ahead: ahead, makers: [{ _ in try reader.next() }])
    }

    /// The iterator, which is used on the reading thread only.
    private final class Reader: @unchecked Sendable {
        private let base: any Dataset
        private let epoch: Int
        private var iterator: (any BatchIterator)?

        init(base: any Dataset, epoch: Int) {
            self.base = base
            self.epoch = epoch
        }

        func next() throws -> Batch? {
            if iterator == nil { iterator = try base.batches(inEpoch: epoch) }
            return try iterator?.next()
        }
    }
}
