/// Pictures with their classes: what a data set's `load()` gives, and what `fit` takes.
///
/// ```swift
/// let (train, test) = try FashionMNIST.load()
/// train.x.shape                              // [60000, 28, 28]
/// test.classNames[test.y.integers[0]]        // "Ankle boot"
/// ```
public struct LabelledImages: Sendable, Hashable {
    /// The pictures, `[count, height, width]` or `[count, height, width, channels]`.
    public let x: Tensor
    /// The class of each picture, `[count]` or `[count, 1]`.
    public let y: Tensor
    /// What the classes are called, by number.
    public let classNames: [String]

    /// - Throws: ``DataError/invalidArgument(_:fix:)`` where there are not as many classes as
    ///   pictures.
    public init(x: Tensor, y: Tensor, classNames: [String]) throws(DataError) {
        guard x.rank > 0, y.rank > 0, x.shape[0] == y.shape[0] else {
            throw .invalidArgument(
                "pictures of shape \(x.shape) do not go with labels of shape \(y.shape)",
                fix: "make their first dimensions equal")
        }
        self.init(matching: x, y, classNames: classNames)
    }

    private init(matching x: Tensor, _ y: Tensor, classNames: [String]) {
        self.x = x
        self.y = y
        self.classNames = classNames
    }

    /// The number of pictures.
    public var count: Int { x.shape[0] }

    /// The pictures `range`, with their classes.
    ///
    /// - Precondition: `range` lies within `0..<count`.
    public subscript(range: Range<Int>) -> LabelledImages {
        LabelledImages(matching: x[range], y[range], classNames: classNames)
    }
}

/// What a set's `load()` gives: pictures to learn from, and others to test with.
public typealias DatasetSplits = (train: LabelledImages, test: LabelledImages)

/// What a set's `loadData()` gives, as Keras's `load_data()`: pictures and classes to learn from, and others to
/// test with.
public typealias DatasetArrays = (train: (x: Tensor, y: Tensor), test: (x: Tensor, y: Tensor))

/// The tensors of a set's two parts.
func arrays(of splits: DatasetSplits) -> DatasetArrays {
    ((splits.train.x, splits.train.y), (splits.test.x, splits.test.y))
}
