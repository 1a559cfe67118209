/// What a data set of the library is, and whether it is in the cache.
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
    /// What its pictures show: `clothes`.
    public let subject: String
    /// The shape of one picture: `[28, 28]` or `[32, 32, 3]`.
    public let imageShape: [Int]
    public let trainCount: Int
    public let testCount: Int
    public let classNames: [String]
    /// The files of the set, relative to the cache; none where it is drawn rather than fetched.
    let files: [String]
    /// Files that hold the same and may be there instead.
    var otherFiles: [String] = []
    let read: @Sendable (DatasetCache) throws(DataError) -> DatasetSplits
    /// Reads the test pictures alone, where that is less work.
    var readTest: (@Sendable (DatasetCache) throws(DataError) -> LabelledImages)?

    /// All of them, in the order in which a beginner meets them.
    public static let all: [DatasetInfo] = [
        FashionMNIST.info, MNIST.info, CIFAR10.info, CIFAR100.info, Shapes.info,
    ]

    /// The set called `name`; case, dashes and underscores make no difference.
    public static func named(_ name: String) -> DatasetInfo? {
        func plain(_ text: String) -> String {
            text.lowercased().filter { $0 != "-" && $0 != "_" }
        }
        return all.first { plain($0.name) == plain(name) }
    }

    /// Loads the set, downloading it where it is not in the cache.
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

    /// Loads the pictures to test with alone, which is quicker, downloading what is not in the cache.
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

    /// Where the set is or would be; `nil` where it needs no file.
    public var location: String? { location(in: .standard) }

    /// Whether all its files are in the cache; true where it needs none.
    public var isCached: Bool { isCached(in: .standard) }

    /// Bytes that its files take in the cache, as far as they are there.
    public var cachedByteCount: Int { cachedByteCount(in: .standard) }

    package func location(in cache: DatasetCache) -> String? {
        present(in: cache).first.map { cache.location(String($0.prefix { $0 != "/" })) }
    }

    package func isCached(in cache: DatasetCache) -> Bool {
        areThere(present(in: cache), in: cache)
    }

    package func cachedByteCount(in cache: DatasetCache) -> Int {
        present(in: cache).reduce(0) { $0 + (FileBytes.size(of: cache.location($1)) ?? 0) }
    }

    /// The other files where only they are there, else the set's own.
    private func present(in cache: DatasetCache) -> [String] {
        let isInstead =
            !otherFiles.isEmpty && !areThere(files, in: cache) && areThere(otherFiles, in: cache)
        return isInstead ? otherFiles : files
    }

    private func areThere(_ files: [String], in cache: DatasetCache) -> Bool {
        files.allSatisfy { FileBytes.size(of: cache.location($0)) != nil }
    }
}
