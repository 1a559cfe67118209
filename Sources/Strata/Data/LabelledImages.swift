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

    /// - Precondition: `x` and `y` have at least one dimension, and the same first one.
    public init(x: Tensor, y: Tensor, classNames: [String]) {
        precondition(
            x.rank > 0 && y.rank > 0 && x.shape[0] == y.shape[0],
            "pictures of shape \(x.shape) do not go with labels of shape \(y.shape)")
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
        LabelledImages(x: x[range], y: y[range], classNames: classNames)
    }
}

/// What a set's `load()` gives: pictures to learn from, and others to test with.
public typealias DatasetSplits = (train: LabelledImages, test: LabelledImages)
