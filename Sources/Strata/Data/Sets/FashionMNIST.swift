/// Images of clothes: 60000 for training and 10000 for testing, gray, 28 × 28, ten classes.
///
/// ```swift
/// let (train, test) = try FashionMNIST.load()
/// ```
///
/// ### Source
/// Xiao, Rasul and Vollgraf, "Fashion-MNIST", 2017, arXiv:1708.07747 (MIT licence). Keras 3.15.1
/// `keras.datasets.fashion_mnist`, whose address and cache are used.
public enum FashionMNIST {
    /// Loads the set from Keras's cache; downloads it first (31 MB) if it is missing.
    ///
    /// - Returns: images, `uint8` `[n, 28, 28]`, and classes, `uint8` `[n]`.
    /// - Throws: ``DataError/notAvailable(set:path:address:isArchive:cause:)`` if it is neither
    ///   cached nor downloaded, ``DataError/corruptSet(file:problem:)`` if a cached file is
    ///   damaged.
    public static func load() throws(DataError) -> DatasetSplits {
        try load(from: .standard)
    }

    /// The set as tensors, as Keras's `load_data`.
    ///
    /// ```swift
    /// let ((xTrain, yTrain), (xTest, yTest)) = try FashionMNIST.loadData()
    /// ```
    ///
    /// - Returns: the images and classes of ``load()``. Keras 3.15.1 `fashion_mnist.load_data`.
    /// - Throws: as ``load()``.
    public static func loadData() throws(DataError) -> DatasetArrays { arrays(of: try load()) }

    package static func load(from cache: DatasetCache) throws(DataError) -> DatasetSplits {
        try set.load(from: cache)
    }

    /// The class names, by index.
    public static var classNames: [String] { Self.set.classNames }

    package static let info = DatasetInfo(
        name: "fashion_mnist", title: set.title, subject: "clothes", imageShape: [28, 28],
        trainCount: set.train.count, testCount: set.test.count, classNames: set.classNames,
        files: set.files, read: load(from:),
        readTest: { cache throws(DataError) in try set.loadTest(from: cache) })

    private static let set = IDXSet(
        title: "Fashion-MNIST", folder: "fashion-mnist",
        address: "https://storage.googleapis.com/tensorflow/tf-keras-datasets",
        classNames: [
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker",
            "Bag", "Ankle boot",
        ],
        train: IDXSet.Split(
            prefix: "train", count: 60_000,
            images: (
                26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"
            ),
            labels: (29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845")),
        test: IDXSet.Split(
            prefix: "t10k", count: 10_000,
            images: (
                4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"
            ),
            labels: (5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")))
}
