/// The best precision while the recall is high enough.
///
/// Keras 3.15.1 `PrecisionAtRecall`; 0 where no threshold gives that.
public struct PrecisionAtRecall: ConstrainedRate {
    public static let className = "PrecisionAtRecall"
    /// The least recall that is asked for, 0 … 1.
    public var recall: Float
    /// How many thresholds are tried, evenly from 0 to 1.
    public var numThresholds: Int
    /// Only this class counts.
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
