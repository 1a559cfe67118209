/// Batches of pictures from files, with the names of their classes.
public struct ImageDataset: Dataset, PrefetchingDataset {
    /// What the classes are called, by number; empty where there are none.
    public let classNames: [String]
    /// The pictures, before they are shuffled.
    public let filePaths: [String]
    /// The class of each picture, where there are classes.
    public let labels: [Int]
    /// What was left out of the folder and why.
    public let problems: [String]
    private let source: any SampleSource
    private let batches: BatchedDataset

    /// - Parameter seed: of the order, which is that of the files if left out.
    init(
        classNames: [String], filePaths: [String], labels: [Int], problems: [String],
        source: any SampleSource, batchSize: Int, seed: UInt64?
    ) {
        self.classNames = classNames
        self.filePaths = filePaths
        self.labels = labels
        self.problems = problems
        self.source = source
        let batches = source.batched(batchSize)
        self.batches = (seed.map { batches.shuffled(seed: $0) } ?? batches).prefetched()
    }

    private init(_ other: ImageDataset, source: any SampleSource, batches: BatchedDataset) {
        classNames = other.classNames
        filePaths = other.filePaths
        labels = other.labels
        problems = other.problems
        self.source = source
        self.batches = batches
    }

    /// How many pictures there are.
    public var count: Int { source.count }

    var isPrefetching: Bool { batches.isPrefetching }

    public var batchCount: Int? { batches.batchCount }

    public func batches(inEpoch epoch: Int) -> any BatchIterator {
        batches.batches(inEpoch: epoch)
    }

    /// The decoded pictures kept in memory once they were made.
    ///
    /// - Parameter limit: bytes; pictures that no longer fit are decoded anew in each epoch.
    public func cached(limit: Int) -> ImageDataset {
        let source = source.cached(limit: limit)
        return ImageDataset(self, source: source, batches: batches.reading(source))
    }

    /// The decoded pictures kept in a file once they were made, for sets larger than memory.
    ///
    /// - Parameters:
    ///   - folder: where the file is; it has no name there, and is gone when the program ends.
    ///   - limit: bytes; pictures that no longer fit are decoded anew in each epoch.
    public func cached(inFolder folder: String, limit: Int) throws(DataError) -> ImageDataset {
        let source = try source.cached(inFolder: folder, limit: limit)
        return ImageDataset(self, source: source, batches: batches.reading(source))
    }

    /// The batches changed by a closure, on the threads that read ahead.
    public func mapped(_ transform: @escaping BatchedDataset.Transform) -> ImageDataset {
        ImageDataset(self, source: source, batches: batches.mapped(transform))
    }
}
