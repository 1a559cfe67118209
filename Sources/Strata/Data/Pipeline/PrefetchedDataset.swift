/// A data set that may prefetch batches, including an epoch's first ones during the previous epoch.
protocol PrefetchingDataset: Dataset {
    var isPrefetching: Bool { get }
}

/// A data set whose first batches can be left out without being read.
protocol SeekableDataset: Dataset {
    /// The batches of an epoch after its first ones.
    func batches(inEpoch epoch: Int, after count: Int) throws -> any BatchIterator
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
private struct PrefetchedDataset: PrefetchingDataset {
    let base: any Dataset
    let ahead: Int

    var batchCount: Int? { base.batchCount }
    var classNames: [String] { base.classNames }
    var isPrefetching: Bool { true }

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
