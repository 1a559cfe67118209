/// Fraction of positive predictions that are correct.
///
/// Keras 3.15.1 `Precision`; ``TruePositiveFraction`` explains the arguments.
public struct Precision: TruePositiveFraction {
    public static let className = "Precision"
    public static let mistakes = ConfusionOutcome.falsePositives
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

extension Metric where Self == Precision {
    /// Fraction of positive predictions that are correct.
    public static func precision(
        thresholds: [Double]? = nil, topK: Int? = nil, classID: Int? = nil
    ) -> Precision {
        Precision(thresholds: thresholds, topK: topK, classID: classID)
    }
}
