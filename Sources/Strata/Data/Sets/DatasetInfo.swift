/// A data set of the library, and its state in the cache.
///
/// ```swift
/// for set in DatasetInfo.all {
///     print(set.name, set.summary, set.isCached ? "in the cache" : "not downloaded")
/// }
/// if let set = DatasetInfo.named("cifar10") {
///     let (train, test) = try set.load()
///     try model.fit(train, validationData: test)
/// }
/// ```
public struct DatasetInfo: Sendable {
    /// The set's name in Keras and on the command line: `fashion_mnist`.
    public let name: String
    /// Its name in a sentence: `Fashion-MNIST`.
    public let title: String
    /// The subject of its images: `clothes`.
    public let subject: String
    /// The shape of one image: `[28, 28]` or `[32, 32, 3]`.
    public let imageShape: [Int]
    public let trainCount: Int
    public let testCount: Int
    public let classNames: [String]
    /// The files of the set, relative to the cache; none for synthetic sets.
    let files: [String]
    /// Alternative files with the same contents.
    var otherFiles: [String] = []
    let read: @Sendable (DatasetCache) throws(DataError) -> DatasetSplits
    /// Reads only the test images, if that is less work.
    var readTest: (@Sendable (DatasetCache) throws(DataError) -> LabelledImages)?

    /// All data sets, simplest first.
    public static let all: [DatasetInfo] = [
        FashionMNIST.info, MNIST.info, CIFAR10.info, CIFAR100.info, Shapes.info,
    ]

    /// The set called `name`; case, dashes and underscores are ignored.
    public static func named(_ name: String) -> DatasetInfo? {
        func plain(_ text: String) -> String {
            text.lowercased().filter { $0 != "-" && $0 != "_" }
        }
        return all.first { plain($0.name) == plain(name) }
    }

    /// Loads the set; downloads it first if it is not in the cache.
    ///
    /// - Throws: ``DataError``, as the set's own `load()`.
    public func load() throws(DataError) -> DatasetSplits {
        try load(from: .standard)
    }

    /// The set as tensors, as Keras's `load_data`.
    ///
    /// - Throws: ``DataError``, as the set's own `load()`.
    public func loadData() throws(DataError) -> DatasetArrays { arrays(of: try load()) }

    package func load(from cache: DatasetCache) throws(DataError) -> DatasetSplits {
        try read(cache)
    }

    /// Loads only the test images, which is faster; downloads missing files.
    ///
    /// - Throws: ``DataError``, as the set's own `load()`.
    public func loadTest() throws(DataError) -> LabelledImages {
        guard let readTest else { return try load().test }
        return try readTest(.standard)
    }

    /// Counts, size and classes: `60000 + 10000 grey pictures of clothes, 28 × 28, 10 classes`.
    public var summary: String {
        let size = imageShape.prefix(2).map(String.init).joined(separator: " × ")
        let colour = imageShape.count == 2 ? "grey" : "colour"
        return "\(trainCount) + \(testCount) \(colour) pictures of \(subject), \(size), "
            + "\(classNames.count) classes"
    }

    /// The location of the set in the cache; `nil` if it needs no file.
    public var location: String? { location(in: .standard) }

    /// Whether all its files are in the cache; true if it needs none.
    public var isCached: Bool { isCached(in: .standard) }

    /// The size of its files in the cache, in bytes.
    public var cachedByteCount: Int { cachedByteCount(in: .standard) }

    package func location(in cache: DatasetCache) -> String? {
        present(in: cache).first.map { cache.location(String($0.prefix { $0 != "/" })) }
    }

    package func isCached(in cache: DatasetCache) -> Bool {
        areThere(present(in: cache), in: cache)
    }

    package func cachedByteCount(in cache: DatasetCache) -> Int {
        present(in: cache).reduce(0) { $0 + (FileContents.size(of: cache.location($1)) ?? 0) }
    }

    /// The alternative files if only these exist, otherwise the set's own.
    private func present(in cache: DatasetCache) -> [String] {
        let isInstead =
            !otherFiles.isEmpty && !areThere(files, in: cache) && areThere(otherFiles, in: cache)
        return isInstead ? otherFiles : files
    }

    private func areThere(_ files: [String], in cache: DatasetCache) -> Bool {
        files.allSatisfy { FileContents.size(of: cache.location($0)) != nil }
    }
}
