/// The number of positives that were predicted as positives.
///
/// Keras 3.15.1 `TruePositives`; ``ConfusionCount`` explains the arguments.
public struct TruePositives: ConfusionCount {
    public static let className = "TruePositives"
    public static let outcome = ConfusionOutcome.truePositives
    public var thresholds: [Float]?
    public var name: String

    public init(thresholds: [Double]? = nil, name: String = Self.defaultName) {
        self.thresholds = thresholds?.map { Float($0) }
        self.name = name
    }
}

extension Metric where Self == TruePositives {
    /// The number of positives that were predicted as positives.
    public static func truePositives(thresholds: [Double]? = nil) -> TruePositives {
        TruePositives(thresholds: thresholds)
    }
}
