/// Images with their classes: the result of a data set's `load()`, and an argument of `fit`.
///
/// ```swift
/// let (train, test) = try FashionMNIST.load()
/// train.x.shape                              // [60000, 28, 28]
/// test.classNames[test.y.integers[0]]        // "Ankle boot"
/// ```
public struct LabelledImages: Sendable, Hashable {
    /// The images, `[count, height, width]` or `[count, height, width, channels]`.
    public let x: Tensor
    /// The class of each image, `[count]` or `[count, 1]`.
    public let y: Tensor
    /// The class names, by index.
    public let classNames: [String]

    /// - Throws: ``DataError/invalidArgument(_:fix:)`` unless there are as many classes as images.
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

    /// The number of images.
    public var count: Int { x.shape[0] }

    /// The images `range`, with their classes; as of a tensor, negative bounds count from the end,
    /// and the range is clipped.
    public subscript(range: Range<Int>) -> LabelledImages {
        LabelledImages(matching: x[range], y[range], classNames: classNames)
    }
}

/// The result of a set's `load()`: training and test images.
public typealias DatasetSplits = (train: LabelledImages, test: LabelledImages)

/// The result of a set's `loadData()`, as of Keras's `load_data()`: training and test images with
/// classes.
public typealias DatasetArrays = (train: (x: Tensor, y: Tensor), test: (x: Tensor, y: Tensor))

/// The tensors of a set's two parts.
func arrays(of splits: DatasetSplits) -> DatasetArrays {
    ((splits.train.x, splits.train.y), (splits.test.x, splits.test.y))
}
