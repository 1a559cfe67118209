/// An ``IoU`` of two classes, split by a threshold.
///
/// Keras 3.15.1 `BinaryIoU`.
public struct BinaryIoU: ClassOverlapMetric {
    public static let className = "BinaryIoU"
    public var name: String
    public var targetClassIDs: [Int]
    /// Predictions from this value on are of class 1.
    public var threshold: Float
    public let overlap = ClassOverlap(classCount: 2)

    /// - Parameters:
    ///   - targetClassIDs: the classes to average over.
    ///   - threshold: predictions from this value on are of class 1.
    ///   - name: in logs.
    public init(
        targetClassIDs: [Int] = [0, 1], threshold: Double = 0.5, name: String = Self.defaultName
    ) {
        self.name = name
        self.targetClassIDs = targetClassIDs
        self.threshold = Float(threshold)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        targetClassIDs = try configuration.classIDs(below: 2, default: targetClassIDs)
        threshold = try configuration.float("threshold", default: threshold)
        name = try configuration.name(default: name)
    }

    public func classified(_ predictions: SymbolicTensor) -> SymbolicTensor {
        predictions.greaterOrEqual(to: threshold)
    }

    public var config: [String: JSONValue] {
        [
            "target_class_ids": JSONValue(targetClassIDs), "threshold": JSONValue(threshold),
            "name": .string(name), "dtype": "int32",
        ]
    }
}
