/// Small photographs of vehicles and animals: 50000 for training and 10000 for testing, in colour,
/// 32 × 32, ten classes.
///
/// ```swift
/// let (train, test) = try CIFAR10.load()
/// ```
///
/// ### Source
/// Krizhevsky, "Learning multiple layers of features from tiny images", 2009; the binary version of
/// cs.toronto.edu/~kriz/cifar.html. Keras 3.15.1 `keras.datasets.cifar10`.
public enum CIFAR10 {
    /// Loads the set from Keras's cache; downloads it first (170 MB) if it is missing.
    ///
    /// - Returns: images, `uint8` `[n, 32, 32, 3]`, and classes, `uint8` `[n, 1]`.
    /// - Throws: ``DataError/notAvailable(set:path:address:isArchive:cause:)`` if it is neither
    ///   cached nor downloaded, ``DataError/corruptSet(file:problem:)`` if a cached file is
    ///   damaged.
    public static func load() throws(DataError) -> DatasetSplits {
        try load(from: .standard)
    }

    /// The set as tensors, as Keras's `load_data`.
    ///
    /// ```swift
    /// let ((xTrain, yTrain), (xTest, yTest)) = try CIFAR10.loadData()
    /// ```
    ///
    /// - Returns: the images and classes of ``load()``. Keras 3.15.1 `cifar10.load_data`.
    /// - Throws: as ``load()``.
    public static func loadData() throws(DataError) -> DatasetArrays { arrays(of: try load()) }

    /// The class names, by index.
    public static var classNames: [String] { info.classNames }

    package static func load(from cache: DatasetCache) throws(DataError) -> DatasetSplits {
        let location = try cache.folder(
            folder, holding: sizes, of: info.title,
            from: RemoteFile(
                address: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
                byteCount: 170_052_171,
                sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"))
        return (
            try read(trainNames, in: location),
            try read([testName], in: location)
        )
    }

    static let info = DatasetInfo(
        name: "cifar10", title: "CIFAR-10", subject: "vehicles and animals",
        imageShape: [32, 32, 3], trainCount: 50_000, testCount: 10_000,
        classNames: [
            "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship",
            "truck",
        ],
        files: (trainNames + [testName]).map { "\(folder)/\($0)" }, read: load(from:))

    private static let folder = "cifar-10-batches-bin"
    private static let trainNames = (1...5).map { "data_batch_\($0).bin" }
    private static let testName = "test_batch.bin"
    private static let recordCount = 10_000
    /// One label byte and three colour planes for each image.
    private static let sizes = Dictionary(
        uniqueKeysWithValues: (trainNames + [testName]).map {
            ("\(folder)/\($0)", recordCount * (1 + 3 * 32 * 32))
        })

    private static func read(
        _ names: [String], in location: String
    ) throws(DataError) -> LabelledImages {
        let (x, y) = try CIFARFile.read(
            names.map { "\(location)/\($0)" }, recordCount: recordCount,
            classCounts: [info.classNames.count], labelIndex: 0)
        return try LabelledImages(x: x, y: y, classNames: info.classNames)
    }
}
