/// Intersection over union of chosen classes and their targets, as a mean.
///
/// Keras 3.15.1 `IoU`.
public struct IoU: ClassOverlapMetric {
    public static let className = "IoU"
    public var name: String
    public var targetClassIDs: [Int]
    public private(set) var overlap: ClassOverlap

    /// - Parameters:
    ///   - numClasses: the number of classes.
    ///   - targetClassIDs: the classes to average over.
    ///   - ignoreClass: a class whose samples are ignored.
    ///   - sparseTargets: whether targets are class indices, not one-hot.
    ///   - sparsePredictions: whether predictions are class indices, not probabilities.
    ///   - axis: the axis of the classes, if they have one.
    ///   - name: in logs.
    public init(
        numClasses: Int, targetClassIDs: [Int], ignoreClass: Int? = nil,
        sparseTargets: Bool = true, sparsePredictions: Bool = true, axis: Int = -1,
        name: String = Self.defaultName
    ) {
        self.name = name
        self.targetClassIDs = targetClassIDs
        overlap = ClassOverlap(
            classCount: numClasses, ignoreClass: ignoreClass, hasSparseTargets: sparseTargets,
            hasSparsePredictions: sparsePredictions, axis: axis)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        let count = try configuration.classCount()
        self.init(numClasses: count, targetClassIDs: try configuration.classIDs(below: count))
        overlap = try ClassOverlap(configuration, overlap)
        name = try configuration.name(default: name)
    }

    public var config: [String: JSONValue] {
        config(adding: ["target_class_ids": JSONValue(targetClassIDs)])
    }
}
