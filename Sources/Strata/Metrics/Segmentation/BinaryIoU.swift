/// An ``IoU`` of two classes, told apart by a threshold.
///
/// Keras 3.15.1 `BinaryIoU`.
public struct BinaryIoU: Metric {
    public static let className = "BinaryIoU"
    public var name: String
    /// The classes whose mean is taken.
    public var targetClassIDs: [Int]
    /// From which on predictions are of class 1.
    public var threshold: Float
    private var overlap: ClassOverlap

    /// - Parameters:
    ///   - targetClassIDs: the classes whose mean is taken.
    ///   - threshold: from which on predictions are of class 1.
    ///   - name: in logs.
    public init(
        targetClassIDs: [Int] = [0, 1], threshold: Double = 0.5, name: String = "binary_io_u"
    ) {
        self.name = name
        self.targetClassIDs = targetClassIDs
        self.threshold = Float(threshold)
        overlap = ClassOverlap(classCount: 2)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            targetClassIDs: try configuration.classIDs(below: 2, default: [0, 1]),
            threshold: try configuration.double("threshold", default: 0.5),
            name: try configuration.name(default: "binary_io_u"))
    }

    public var config: [String: JSONValue] {
        [
            "target_class_ids": JSONValue(targetClassIDs), "threshold": JSONValue(threshold),
            "name": .string(name), "dtype": "int32",
        ]
    }

    public func initialState(targets: Shape, predictions: Shape) -> [Tensor] { overlap.zeros }

    public func updatedState(
        _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor?
    ) -> [SymbolicTensor] {
        overlap.counts(
            state, targets: targets, predictions: predictions.greaterOrEqual(to: threshold),
            weight: sampleWeight)
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        overlap.mean(state, classes: targetClassIDs)
    }
}
