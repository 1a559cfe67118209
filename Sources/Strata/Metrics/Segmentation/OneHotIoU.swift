/// An ``IoU`` of one-hot targets and probabilities.
///
/// Keras 3.15.1 `OneHotIoU`.
public struct OneHotIoU: ClassOverlapMetric {
    public static let className = "OneHotIoU"
    public var name: String
    public var targetClassIDs: [Int]
    public private(set) var overlap: ClassOverlap

    /// - Parameters:
    ///   - numClasses: the number of classes.
    ///   - targetClassIDs: the classes to average over.
    ///   - ignoreClass: a class whose samples are ignored.
    ///   - sparsePredictions: whether predictions are class indices, not probabilities.
    ///   - axis: the axis of the classes, if they have one.
    ///   - name: in logs.
    public init(
        numClasses: Int, targetClassIDs: [Int], ignoreClass: Int? = nil,
        sparsePredictions: Bool = false, axis: Int = -1,
        name: String = Self.defaultName
    ) {
        self.name = name
        self.targetClassIDs = targetClassIDs
        overlap = ClassOverlap(
            classCount: numClasses, ignoreClass: ignoreClass, hasSparseTargets: false,
            hasSparsePredictions: sparsePredictions, axis: axis)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        let count = try configuration.classCount()
        self.init(numClasses: count, targetClassIDs: try configuration.classIDs(below: count))
        overlap = try ClassOverlap(configuration, overlap)
        // Targets are always one-hot.
        overlap.hasSparseTargets = false
        name = try configuration.name(default: name)
    }

    public var config: [String: JSONValue] {
        config(without: "sparse_y_true", adding: ["target_class_ids": JSONValue(targetClassIDs)])
    }
}
