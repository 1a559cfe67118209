/// A data set that may make batches before they are asked for, and so an epoch's first ones while the
/// last epoch is at work.
protocol PrefetchingDataset: Dataset {
    var isPrefetching: Bool { get }
}

extension Dataset {
    /// The batches made on a thread of their own while the model works on earlier ones.
    ///
    /// - Parameter ahead: how many batches may lie ready, 1 or more; what bounds the memory.
    /// - Returns: a data set whose batches are an error where `ahead` is below 1.
    public func prefetched(_ ahead: Int = 4) -> any Dataset {
        PrefetchedDataset(base: self, ahead: ahead)
    }
}

/// A sequence of batches read ahead by one thread, since it has one order only.
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

    /// The iterator, which is made and used on the reading thread alone.
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
