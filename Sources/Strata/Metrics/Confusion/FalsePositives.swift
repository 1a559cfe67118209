/// The number of negatives that were predicted as positives.
///
/// Keras 3.15.1 `FalsePositives`; ``ConfusionCount`` explains the arguments.
public struct FalsePositives: ConfusionCount {
    public static let className = "FalsePositives"
    public static let outcome = ConfusionOutcome.falsePositives
    public var thresholds: [Float]?
    public var name: String

    public init(thresholds: [Double]? = nil, name: String = Self.defaultName) {
        self.thresholds = thresholds?.map { Float($0) }
        self.name = name
    }
}

extension Metric where Self == FalsePositives {
    /// The number of negatives that were predicted as positives.
    public static func falsePositives(thresholds: [Double]? = nil) -> FalsePositives {
        FalsePositives(thresholds: thresholds)
    }
}
