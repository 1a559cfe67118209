/// A data set of image files, with class names.
public struct ImageDataset: PrefetchingDataset, SeekableDataset, SeededDataset,
    DivisibleDataset
{
    /// The class names, by index; empty if there are no classes.
    public let classNames: [String]
    /// The image files, before shuffling.
    public let filePaths: [String]
    /// The class of each image, if there are classes.
    public let labels: [Int]
    /// The files that were left out, with reasons.
    public let problems: [String]
    private let files: ImageFiles
    private let source: any SampleSource
    private var batches: BatchedDataset

    /// - Parameter seed: the seed of shuffling; not shuffled if left out.
    init(
        classNames: [String], filePaths: [String], labels: [Int], problems: [String],
        source: ImageFiles, batchSize: Int, seed: UInt64?
    ) {
        self.classNames = classNames
        self.filePaths = filePaths
        self.labels = labels
        self.problems = problems
        files = source
        self.source = source
        let batches = source.batched(batchSize)
        self.batches = (seed.map { batches.shuffled(seed: $0) } ?? batches).prefetched()
    }

    private init(_ other: ImageDataset, source: any SampleSource, batches: BatchedDataset) {
        classNames = other.classNames
        filePaths = other.filePaths
        labels = other.labels
        problems = other.problems
        files = other.files
        self.source = source
        self.batches = batches
    }

    /// The number of images.
    public var count: Int { source.count }

    /// The files that turned out to be damaged when they were decoded, so far, with the reasons.
    package var damaged: [(path: String, error: DataError)] { files.damaged }

    var isPrefetching: Bool { batches.isPrefetching }

    func divided(for distribution: Distribution) -> (any DivisibleDataset)? {
        batches.divided(for: distribution)
    }

    func sampleCount(ofBatch number: Int) -> Int { batches.sampleCount(ofBatch: number) }

    var digest: String { "\(filePaths.count) \(labels) \(batches.digest)" }

    var seeds: [UInt64] {
        get { batches.seeds }
        set { batches.seeds = newValue }
    }

    public var batchCount: Int? { batches.batchCount }

    public func batches(inEpoch epoch: Int) -> any BatchIterator {
        batches.batches(inEpoch: epoch)
    }

    func batches(inEpoch epoch: Int, after count: Int) -> any BatchIterator {
        batches.batches(inEpoch: epoch, after: count)
    }

    /// Caches decoded images in memory.
    ///
    /// - Parameter limit: the maximum number of bytes; other images are decoded again in each
    ///   epoch.
    public func cached(limit: Int) -> ImageDataset {
        let source = source.cached(limit: limit)
        return ImageDataset(self, source: source, batches: batches.reading(source))
    }

    /// Caches decoded images in a file, for sets larger than memory.
    ///
    /// - Parameters:
    ///   - folder: the folder of the file, which has no name and vanishes with the process.
    ///   - limit: the maximum number of bytes; other images are decoded again in each epoch.
    public func cached(inFolder folder: String, limit: Int) throws(DataError) -> ImageDataset {
        let source = try source.cached(inFolder: folder, limit: limit)
        return ImageDataset(self, source: source, batches: batches.reading(source))
    }

    /// Maps batches by a closure, on the prefetching threads.
    public func mapped(_ transform: @escaping BatchedDataset.Transform) -> ImageDataset {
        ImageDataset(self, source: source, batches: batches.mapped(transform))
    }
}
