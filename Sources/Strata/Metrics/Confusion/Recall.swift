/// Fraction of positives that were predicted as positives.
///
/// Keras 3.15.1 `Recall`; ``TruePositiveFraction`` explains the arguments.
public struct Recall: TruePositiveFraction {
    public static let className = "Recall"
    public static let mistakes = ConfusionOutcome.falseNegatives
    public var thresholds: [Float]?
    public var topK: Int?
    public var classID: Int?
    public var name: String

    public init(
        thresholds: [Double]? = nil, topK: Int? = nil, classID: Int? = nil,
        name: String = Self.defaultName
    ) {
        self.thresholds = thresholds?.map { Float($0) }
        self.topK = topK
        self.classID = classID
        self.name = name
    }
}

extension Metric where Self == Recall {
    /// Fraction of positives that were predicted as positives.
    public static func recall(
        thresholds: [Double]? = nil, topK: Int? = nil, classID: Int? = nil
    ) -> Recall {
        Recall(thresholds: thresholds, topK: topK, classID: classID)
    }
}
