/// The number of positives that were predicted as negatives.
///
/// Keras 3.15.1 `FalseNegatives`; ``ConfusionCount`` explains the arguments.
public struct FalseNegatives: ConfusionCount {
    public static let className = "FalseNegatives"
    public static let outcome = ConfusionOutcome.falseNegatives
    public var thresholds: [Float]?
    public var name: String

    public init(thresholds: [Double]? = nil, name: String = Self.defaultName) {
        self.thresholds = thresholds?.map { Float($0) }
        self.name = name
    }
}

extension Metric where Self == FalseNegatives {
    /// The number of positives that were predicted as negatives.
    public static func falseNegatives(thresholds: [Double]? = nil) -> FalseNegatives {
        FalseNegatives(thresholds: thresholds)
    }
}
