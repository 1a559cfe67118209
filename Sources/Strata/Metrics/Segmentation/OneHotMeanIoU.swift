/// A ``MeanIoU`` of one-hot targets and probabilities.
///
/// Keras 3.15.1 `OneHotMeanIoU`.
public struct OneHotMeanIoU: ClassOverlapMetric {
    public static let className = "OneHotMeanIoU"
    public var name: String
    /// All classes; none if there are fewer than 1 or more than 10,000, which is an error of `compile`.
    public var targetClassIDs: [Int] { overlap.classes }
    public private(set) var overlap: ClassOverlap

    /// - Parameters:
    ///   - numClasses: the number of classes.
    ///   - ignoreClass: a class whose samples are ignored.
    ///   - sparsePredictions: whether predictions are class indices, not probabilities.
    ///   - axis: the axis of the classes, if they have one.
    ///   - name: in logs.
    public init(
        numClasses: Int, ignoreClass: Int? = nil,
        sparsePredictions: Bool = false, axis: Int = -1,
        name: String = Self.defaultName
    ) {
        self.name = name
        overlap = ClassOverlap(
            classCount: numClasses, ignoreClass: ignoreClass, hasSparseTargets: false,
            hasSparsePredictions: sparsePredictions, axis: axis)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        let count = try configuration.classCount()
        self.init(numClasses: count)
        overlap = try ClassOverlap(configuration, overlap)
        // Targets are always one-hot.
        overlap.hasSparseTargets = false
        name = try configuration.name(default: name)
    }

    public var config: [String: JSONValue] {
        config(without: "sparse_y_true")
    }
}
