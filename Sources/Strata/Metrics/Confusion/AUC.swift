internal import StrataGraph

/// Area under the ROC or precision–recall curve, approximated over thresholds.
///
/// ### Shapes
/// Targets and predictions have one shape. All elements are pooled; with `multiLabel` each column
/// has an area of its own, and the result is the mean.
///
/// ### Source
/// Keras 3.15.1 `AUC`; the interpolation of precision and recall is Davis and Goadrich's, 2006.
public struct AUC: Metric {
    /// The kind of curve.
    public enum Curve: String, Sendable, Hashable, CaseIterable {
        /// ROC: recall over the false positive rate.
        case roc = "ROC"
        /// Precision over recall.
        case precisionRecall = "PR"
        /// Precision gain over recall gain (Flach and Kull, 2015).
        case precisionRecallGain = "PRGAIN"
    }

    /// The interpolation between two thresholds.
    public enum Summation: String, Sendable, Hashable, CaseIterable {
        case interpolation
        /// The smaller of both values.
        case minoring
        /// The larger of both values.
        case majoring
    }

    public static let className = "AUC"
    /// The number of evenly spaced thresholds from 0 to 1; 2 or more.
    public var numThresholds: Int
    public var curve: Curve
    public var summation: Summation
    /// Thresholds between 0 and 1 instead of evenly spaced ones.
    public var thresholds: [Float]?
    public var multiLabel: Bool
    /// The number of columns with `multiLabel`; that of the predictions if left out.
    public var numLabels: Int?
    /// The weight of each column.
    public var labelWeights: [Float]?
    /// Whether predictions are logits instead of probabilities.
    public var fromLogits: Bool
    public var name: String

    public init(
        numThresholds: Int = 200, curve: Curve = .roc, summation: Summation = .interpolation,
        name: String = Self.defaultName, thresholds: [Double]? = nil, multiLabel: Bool = false,
        numLabels: Int? = nil, labelWeights: [Double]? = nil, fromLogits: Bool = false
    ) {
        self.thresholds = thresholds?.map { Float($0) }.sorted()
        self.numThresholds = thresholds.map { $0.count + 2 } ?? max(numThresholds, 2)
        self.curve = curve
        self.summation = summation
        self.name = name
        self.multiLabel = multiLabel
        self.numLabels = numLabels
        self.labelWeights = labelWeights?.map { Float($0) }
        self.fromLogits = fromLogits
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(thresholds: try configuration.thresholds())
        let count = try configuration.int("num_thresholds", default: numThresholds)
        if thresholds == nil { numThresholds = max(count, 2) }
        curve = try configuration.choice("curve", default: curve)
        summation = try configuration.choice("summation_method", default: summation)
        name = try configuration.name(default: name)
        multiLabel = try configuration.bool("multi_label", default: multiLabel)
        numLabels = try configuration.optionalInt("num_labels")
        if configuration.value("label_weights") != nil {
            labelWeights = try configuration.floats("label_weights")
        }
        fromLogits = try configuration.bool("from_logits", default: fromLogits)
    }

    public var config: [String: JSONValue] {
        var config = baseConfig.merging([
            "num_thresholds": .integer(numThresholds), "curve": .string(curve.rawValue),
            "summation_method": .string(summation.rawValue), "multi_label": .bool(multiLabel),
            "num_labels": JSONValue(numLabels), "label_weights": JSONValue(labelWeights),
            "from_logits": .bool(fromLogits),
        ]) { $1 }
        if let thresholds { config["thresholds"] = JSONValue(thresholds) }
        return config
    }

    /// Counts of true positives, false positives, true negatives and false negatives.
    public func initialState(targets: Shape, predictions: Shape) -> [Tensor] {
        let shape = memoryProblem(predictions) == nil ? stateShape(predictions) : []
        return Array(repeating: Tensor(repeating: 0, shape: shape), count: 4)
    }

    private func stateShape(_ predictions: Shape) -> [Int] {
        let labels = numLabels ?? predictions[-1] ?? 1
        return multiLabel ? [numThresholds, labels] : [numThresholds]
    }

    private func memoryProblem(_ predictions: Shape) -> GraphError.Problem? {
        HostMemory.problem(
            "the counts of AUC", TensorType(Shape(stateShape(predictions)), .float32))
    }

    public func updatedState(
        _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor?
    ) -> [SymbolicTensor] {
        if let problem = memoryProblem(predictions.shape) {
            return state.map { _ in SymbolicTensor(failure: GraphError(problem)) }
        }
        let batch = ConfusionCounts(
            targets: targets, predictions: fromLogits ? predictions.sigmoid() : predictions,
            weight: sampleWeight,
            // With Keras's epsilon 0 and 1 are between the outer thresholds.
            thresholds: thresholds.map { .values([-1e-7] + $0 + [1 + 1e-7]) }
                ?? .even(count: numThresholds, isOpen: true),
            ConfusionCounts.Selection(isMultiLabel: multiLabel, labelWeights: labelWeights))
        let counts = [
            batch.truePositives, batch.falsePositives, batch.trueNegatives, batch.falseNegatives,
        ]
        return zip(state, counts).map { $0 + $1 }
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        let area = AreaUnderCurve(state)
        let terms =
            curve == .precisionRecall && summation == .interpolation
            ? area.interpolatedPrecision() : area.terms(curve, summation)
        guard multiLabel else { return terms.sum() }
        let areas = terms.sum(axes: [0])
        guard let labelWeights else { return areas.mean() }
        let weights = SymbolicTensor.constant(Tensor(labelWeights))
        return (areas * weights).sum().dividedOrZero(by: weights.sum())
    }
}

extension Metric where Self == AUC {
    /// Area under the ROC curve.
    public static var auc: AUC { AUC() }
}
