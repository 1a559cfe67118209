/// The number of negatives that were predicted as negatives.
///
/// Keras 3.15.1 `TrueNegatives`; ``ConfusionCount`` explains the arguments.
public struct TrueNegatives: ConfusionCount {
    public static let className = "TrueNegatives"
    public static let outcome = ConfusionOutcome.trueNegatives
    public var thresholds: [Float]?
    public var name: String

    public init(thresholds: [Double]? = nil, name: String = Self.defaultName) {
        self.thresholds = thresholds?.map { Float($0) }
        self.name = name
    }
}

extension Metric where Self == TrueNegatives {
    /// The number of negatives that were predicted as negatives.
    public static func trueNegatives(thresholds: [Double]? = nil) -> TrueNegatives {
        TrueNegatives(thresholds: thresholds)
    }
}
