/// A ``MeanIoU`` of targets that are one-hot and of probabilities.
///
/// Keras 3.15.1 `OneHotMeanIoU`.
public struct OneHotMeanIoU: Metric {
    public static let className = "OneHotMeanIoU"
    public var name: String
    private var overlap: ClassOverlap

    /// - Parameters:
    ///   - numClasses: how many classes there are.
    ///   - ignoreClass: a class whose samples do not count.
    ///   - sparsePredictions: whether predictions are class numbers, not probabilities.
    ///   - axis: the axis of the classes, where they have one.
    ///   - name: in logs.
    public init(
        numClasses: Int, ignoreClass: Int? = nil,
        sparsePredictions: Bool = false, axis: Int = -1,
        name: String = "one_hot_mean_io_u"
    ) {
        self.name = name
        overlap = ClassOverlap(
            classCount: numClasses, ignoreClass: ignoreClass,
            hasSparseTargets: false, hasSparsePredictions: sparsePredictions, axis: axis)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        let count = try configuration.classCount()
        self.init(
            numClasses: count, ignoreClass: try configuration.optionalInt("ignore_class"),
            sparsePredictions: try configuration.bool("sparse_y_pred", default: false),
            axis: try configuration.int("axis", default: -1),
            name: try configuration.name(default: "one_hot_mean_io_u"))
    }

    public var config: [String: JSONValue] {
        [
            "num_classes": .integer(overlap.classCount),
            "ignore_class": JSONValue(overlap.ignoreClass),
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
        overlap.mean(state, classes: Array(0..<overlap.classCount))
    }
}
