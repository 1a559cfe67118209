/// Handwritten digits: 60000 for training and 10000 for testing, gray, 28 × 28.
///
/// ```swift
/// let (train, test) = try MNIST.load()
/// ```
///
/// ### Source
/// LeCun, Cortes and Burges, "The MNIST database of handwritten digits", 1998; the published files
/// from the copy that TensorFlow Datasets uses. Keras 3.15.1 `keras.datasets.mnist`, whose own file
/// `mnist.npz` is read if it is in the cache.
public enum MNIST {
    /// Loads the set from Keras's cache; downloads it first (12 MB) if it is missing.
    ///
    /// - Returns: images, `uint8` `[n, 28, 28]`, and digits, `uint8` `[n]`.
    /// - Throws: ``DataError/notAvailable(set:path:address:isArchive:cause:)`` if it is neither
    ///   cached nor downloaded, ``DataError/corruptSet(file:problem:)`` if a cached file is
    ///   damaged.
    public static func load() throws(DataError) -> DatasetSplits {
        try load(from: .standard)
    }

    /// The set as tensors, as Keras's `load_data`.
    ///
    /// ```swift
    /// let ((xTrain, yTrain), (xTest, yTest)) = try MNIST.loadData()
    /// ```
    ///
    /// - Returns: the images and classes of ``load()``. Keras 3.15.1 `mnist.load_data`.
    /// - Throws: as ``load()``.
    public static func loadData() throws(DataError) -> DatasetArrays { arrays(of: try load()) }

    /// The class names, by index.
    public static var classNames: [String] { Self.set.classNames }

    package static func load(from cache: DatasetCache) throws(DataError) -> DatasetSplits {
        if let npz = npz(in: cache) { return try read(npz: npz) }
        return try set.load(from: cache)
    }

    private static func loadTest(from cache: DatasetCache) throws(DataError) -> LabelledImages {
        if let npz = npz(in: cache) { return try read(npz: npz).test }
        return try set.loadTest(from: cache)
    }

    /// Keras's file, if only that is in the cache.
    private static func npz(in cache: DatasetCache) -> String? {
        let npz = cache.location(npzName)
        let hasOwnFiles = set.files.allSatisfy { FileContents.size(of: cache.location($0)) != nil }
        return !hasOwnFiles && FileContents.size(of: npz) != nil ? npz : nil
    }

    private static func read(npz path: String) throws(DataError) -> DatasetSplits {
        // Twice what the pixels need; Keras's file has a tenth of that.
        let archive = try NPZFile(path, limit: 1 << 27)
        func split(_ name: String, _ count: Int) throws(DataError) -> LabelledImages {
            try LabelledImages.checked(
                x: archive.read("x_\(name)", row: [28, 28], limit: count),
                y: archive.read("y_\(name)", row: [], limit: count),
                classNames: set.classNames, labelFile: path)
        }
        return (try split("train", set.train.count), try split("test", set.test.count))
    }

    static let info = DatasetInfo(
        name: "mnist", title: set.title, subject: "handwritten digits", imageShape: [28, 28],
        trainCount: set.train.count, testCount: set.test.count, classNames: set.classNames,
        files: set.files, otherFiles: [npzName], read: load(from:),
        readTest: loadTest(from:))

    private static let npzName = "mnist.npz"

    private static let set = IDXSet(
        title: "MNIST", folder: "mnist",
        address: "https://storage.googleapis.com/cvdf-datasets/mnist",
        classNames: (0..<10).map(String.init),
        train: IDXSet.Split(
            prefix: "train", count: 60_000,
            images: (
                9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
            ),
            labels: (28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c")),
        test: IDXSet.Split(
            prefix: "t10k", count: 10_000,
            images: (
                1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
            ),
            labels: (4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")))
}
