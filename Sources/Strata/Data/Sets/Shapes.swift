internal import StrataGraph

/// Synthetic images of ten kinds of figures, gray, 28 × 28: a data set that needs no network.
///
/// Each figure has a random position, size, rotation, line width and brightness, on a random
/// background with noise, so that single pixels carry little information about the class: a linear
/// model stays below 60 %, the strided CNN of the examples exceeds 98 % within ten epochs.
///
/// ```swift
/// let (train, test) = try Shapes.load()
/// ```
public enum Shapes {
    /// Generates the set.
    ///
    /// An image depends on the seed and its index only: with larger counts the first images are the
    /// same. The classes alternate in both parts.
    ///
    /// - Parameters:
    ///   - trainCount: the number of training images, > 0.
    ///   - testCount: the number of test images, > 0.
    ///   - seed: the random seed.
    /// - Returns: images, `uint8` `[n, 28, 28]`, and classes, `uint8` `[n]`.
    /// - Throws: ``DataError/invalidArgument(_:fix:)`` for a count below 1, or of more images than
    ///   memory holds.
    public static func load(
        trainCount: Int = 20_000, testCount: Int = 4_000, seed: UInt64 = 0
    ) throws(DataError) -> DatasetSplits {
        // A count that does not fit is refused before any picture is drawn.
        try checkCount(trainCount, named: "trainCount")
        try checkCount(testCount, named: "testCount")
        return (
            train: try draw(trainCount, seed: .derived(seed, salt: 0)),
            test: try draw(testCount, seed: .derived(seed, salt: 1))
        )
    }

    /// The set as tensors, like Keras's sets.
    ///
    /// ```swift
    /// let ((xTrain, yTrain), (xTest, yTest)) = try Shapes.loadData()
    /// ```
    ///
    /// - Returns: the images and classes of ``load(trainCount:testCount:seed:)``.
    /// - Throws: as ``load(trainCount:testCount:seed:)``.
    public static func loadData(
        trainCount: Int = 20_000, testCount: Int = 4_000, seed: UInt64 = 0
    ) throws(DataError) -> DatasetArrays {
        arrays(of: try load(trainCount: trainCount, testCount: testCount, seed: seed))
    }

    package static let info = DatasetInfo(
        name: "shapes", title: "Shapes", subject: "drawn figures",
        imageShape: [size, size], trainCount: 20_000, testCount: 4_000,
        classNames: Figure.allCases.map(\.rawValue), files: [],
        read: { _ throws(DataError) in try load() },
        readTest: { _ throws(DataError) in try load(trainCount: 1).test })

    static let size = 28

    private static func checkCount(_ count: Int, named name: String) throws(DataError) {
        guard count > 0 else {
            throw .invalidArgument("\(name) is \(count)", fix: "ask for 1 picture or more")
        }
        let images = TensorType([count, size, size], .uint8)
        if let problem = HostMemory.problem("the tensor of the pictures", images) {
            throw .invalidArgument(
                "\(name) is \(count): \(problem.sentence)", fix: "ask for fewer pictures")
        }
    }

    private static func draw(_ count: Int, seed: UInt64) throws(DataError) -> LabelledImages {
        let figures = Figure.allCases
        var pixels = [UInt8](repeating: 0, count: count * size * size)
        var labels: [UInt8] = []
        labels.reserveCapacity(count)
        for index in 0..<count {
            try DataReading.checkWanted()
            let label = index % figures.count
            var random = RandomGenerator(seed: .derived(seed, salt: UInt64(index)))
            let drawing = Drawing(of: figures[label], size: size, random: &random)
            drawing.render(into: &pixels, at: index * size * size, random: &random)
            labels.append(UInt8(label))
        }
        return try LabelledImages(
            x: Tensor(pixels, shape: [count, size, size]), y: Tensor(labels),
            classNames: info.classNames)
    }
}

extension UInt64 {
    fileprivate static func derived(_ seed: UInt64, salt: UInt64) -> UInt64 {
        RandomGenerator.derived(seed, salt: salt)
    }
}
