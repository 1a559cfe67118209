/// What chosen classes share with their targets, over what both cover.
///
/// Keras 3.15.1 `IoU`.
public struct IoU: Metric {
    public static let className = "IoU"
    public var name: String
    /// The classes whose mean is taken.
    public var targetClassIDs: [Int]
    private var overlap: ClassOverlap

    /// - Parameters:
    ///   - numClasses: how many classes there are.
    ///   - targetClassIDs: the classes whose mean is taken.
    ///   - ignoreClass: a class whose samples do not count.
    ///   - sparseTargets: whether targets are class numbers, not one-hot.
    ///   - sparsePredictions: whether predictions are class numbers, not probabilities.
    ///   - axis: the axis of the classes, where they have one.
    ///   - name: in logs.
    public init(
        numClasses: Int, targetClassIDs: [Int], ignoreClass: Int? = nil,
        sparseTargets: Bool = true, sparsePredictions: Bool = true, axis: Int = -1,
        name: String = "io_u"
    ) {
        self.name = name
        self.targetClassIDs = targetClassIDs
        overlap = ClassOverlap(
            classCount: numClasses, ignoreClass: ignoreClass,
            hasSparseTargets: sparseTargets, hasSparsePredictions: sparsePredictions, axis: axis)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        let count = try configuration.classCount()
        self.init(
            numClasses: count, targetClassIDs: try configuration.classIDs(below: count),
            ignoreClass: try configuration.optionalInt("ignore_class"),
            sparseTargets: try configuration.bool("sparse_y_true", default: true),
            sparsePredictions: try configuration.bool("sparse_y_pred", default: true),
            axis: try configuration.int("axis", default: -1),
            name: try configuration.name(default: "io_u"))
    }

    public var config: [String: JSONValue] {
        [
            "num_classes": .integer(overlap.classCount),
            "target_class_ids": JSONValue(targetClassIDs),
            "ignore_class": JSONValue(overlap.ignoreClass),
            "sparse_y_true": .bool(overlap.hasSparseTargets),
            "sparse_y_pred": .bool(overlap.hasSparsePredictions),
            "axis": .integer(overlap.axis),
            "name": .string(name), "dtype": "int32",
        ]
    }

    public func initialState(targets: Shape, predictions: Shape) -> [Tensor] { overlap.zeros }

    public func updatedState(
        _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor?
    ) -> [SymbolicTensor] {
        overlap.counts(
            state, targets: targets, predictions: predictions,
            weight: sampleWeight)
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        overlap.mean(state, classes: targetClassIDs)
    }
}
