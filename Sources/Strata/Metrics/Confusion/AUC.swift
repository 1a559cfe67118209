/// The area under a curve of rates over thresholds: 1 for predictions that sort perfectly.
///
/// ### Shapes
/// Targets and predictions of one shape; all count alike, or with `multiLabel` those of each column
/// on their own, and the mean of the columns' areas is the result.
///
/// ### Source
/// Keras 3.15.1 `AUC`; the interpolation of precision and recall is Davis and Goadrich's, 2006.
public struct AUC: Metric {
    /// What is drawn over what.
    public enum Curve: String, Sendable, Hashable, CaseIterable {
        /// Recall over the rate of false positives.
        case roc = "ROC"
        /// Precision over recall.
        case precisionRecall = "PR"
        /// Gain of precision over gain of recall (Flach and Kull, 2015).
        case precisionRecallGain = "PRGAIN"
    }

    /// How the curve goes between two thresholds.
    public enum Summation: String, Sendable, Hashable, CaseIterable {
        case interpolation
        /// At the lower end's height.
        case minoring
        /// At the higher end's height.
        case majoring
    }

    public static let className = "AUC"
    /// How many thresholds there are, evenly from 0 to 1; above 1.
    public var numThresholds: Int
    public var curve: Curve
    public var summation: Summation
    /// Thresholds between 0 and 1 in place of even ones.
    public var thresholds: [Float]?
    public var multiLabel: Bool
    /// How many columns there are with `multiLabel`; read from the predictions if left out.
    public var numLabels: Int?
    /// How much each column counts.
    public var labelWeights: [Float]?
    /// Whether predictions are numbers before the sigmoid, not probabilities.
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
        let labels = numLabels ?? (predictions.rank > 0 ? predictions[-1] : nil) ?? 1
        let shape = multiLabel ? [numThresholds, labels] : [numThresholds]
        return Array(repeating: Tensor(repeating: 0, shape: shape), count: 4)
    }

    public func updatedState(
        _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor?
    ) -> [SymbolicTensor] {
        let batch = ConfusionCounts(
            targets: targets, predictions: fromLogits ? predictions.sigmoid() : predictions,
            weight: sampleWeight,
            // Keras's epsilon keeps 0 and 1 within.
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
    /// The area under the curve of recall over the rate of false positives.
    public static var auc: AUC { AUC() }
}
