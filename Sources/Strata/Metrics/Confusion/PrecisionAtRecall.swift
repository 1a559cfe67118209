/// The best precision while the recall is high enough.
///
/// Keras 3.15.1 `PrecisionAtRecall`; 0 if no threshold reaches it.
public struct PrecisionAtRecall: ConstrainedRate {
    public static let className = "PrecisionAtRecall"
    /// The minimum recall, 0 … 1.
    public var recall: Float
    /// The number of evenly spaced thresholds from 0 to 1.
    public var numThresholds: Int
    /// The only class that is evaluated; all classes if left out.
    public var classID: Int?
    public var name: String

    public init(
        recall: Double, numThresholds: Int = 200, classID: Int? = nil,
        name: String = Self.defaultName
    ) {
        self.recall = Float(recall)
        self.numThresholds = numThresholds
        self.classID = classID
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(recall: try configuration.rate("recall"))
        try read(configuration)
    }

    public var config: [String: JSONValue] { config(adding: ["recall": JSONValue(recall)]) }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        let counts = ConfusionRates(state)
        return counts.precision.largest(where: counts.recall, isAtLeast: recall)
    }
}
