/// Small photographs of a hundred classes: 50000 for training and 10000 for testing, in colour, 32
/// × 32.
///
/// ```swift
/// let (train, test) = try CIFAR100.load(labelMode: .coarse)
/// ```
///
/// ### Source
/// Krizhevsky, "Learning multiple layers of features from tiny images", 2009; the binary version of
/// cs.toronto.edu/~kriz/cifar.html. Keras 3.15.1 `keras.datasets.cifar100`.
public enum CIFAR100 {
    /// The kind of label.
    public enum LabelMode: String, Sendable {
        /// One of a hundred classes.
        case fine
        /// One of twenty groups of five classes each.
        case coarse
    }

    /// Loads the set from Keras's cache; downloads it first (169 MB) if it is missing.
    ///
    /// - Returns: images, `uint8` `[n, 32, 32, 3]`, and classes, `uint8` `[n, 1]`.
    /// - Throws: ``DataError/notAvailable(set:path:address:isArchive:cause:)`` if it is neither
    ///   cached nor downloaded, ``DataError/corruptSet(file:problem:)`` if a cached file is
    ///   damaged.
    public static func load(labelMode: LabelMode = .fine) throws(DataError) -> DatasetSplits {
        try load(labelMode: labelMode, from: .standard)
    }

    /// The set as tensors, as Keras's `load_data`.
    ///
    /// ```swift
    /// let ((xTrain, yTrain), (xTest, yTest)) = try CIFAR100.loadData()
    /// ```
    ///
    /// - Returns: the images and classes of ``load(labelMode:)``. Keras 3.15.1
    ///   `cifar100.load_data`.
    /// - Throws: as ``load(labelMode:)``.
    public static func loadData(labelMode: LabelMode = .fine) throws(DataError) -> DatasetArrays {
        arrays(of: try load(labelMode: labelMode))
    }

    /// The names of the 100 fine classes, by index.
    public static var classNames: [String] { fineNames }

    package static func load(
        labelMode: LabelMode = .fine, from cache: DatasetCache
    ) throws(DataError) -> DatasetSplits {
        let location = try cache.folder(
            folder, holding: sizes, of: info.title,
            from: RemoteFile(
                address: "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",
                byteCount: 168_513_733,
                sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"))
        return (
            try read("train.bin", info.trainCount, labelMode, in: location),
            try read("test.bin", info.testCount, labelMode, in: location)
        )
    }

    static let info = DatasetInfo(
        name: "cifar100", title: "CIFAR-100", subject: "a hundred kinds of thing",
        imageShape: [32, 32, 3], trainCount: 50_000, testCount: 10_000, classNames: fineNames,
        files: ["\(folder)/train.bin", "\(folder)/test.bin"],
        read: { cache throws(DataError) in try load(from: cache) })

    private static let folder = "cifar-100-binary"
    /// Two label bytes, the coarse one first, and three colour planes for each image.
    private static let recordSize = 2 + 3 * 32 * 32
    private static let sizes = [
        "\(folder)/train.bin": info.trainCount * recordSize,
        "\(folder)/test.bin": info.testCount * recordSize,
    ]

    private static func read(
        _ name: String, _ count: Int, _ mode: LabelMode, in location: String
    ) throws(DataError) -> LabelledImages {
        let (x, y) = try CIFARFile.read(
            ["\(location)/\(name)"], recordCount: count,
            classCounts: [coarseNames.count, fineNames.count], labelIndex: mode == .coarse ? 0 : 1)
        return try LabelledImages(x: x, y: y, classNames: mode == .coarse ? coarseNames : fineNames)
    }
}
