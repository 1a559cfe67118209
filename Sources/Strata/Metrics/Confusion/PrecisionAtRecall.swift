/// The best precision while enough positives are found.
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
        name: String = "precision_at_recall"
    ) {
        self.recall = Float(recall)
        self.numThresholds = numThresholds
        self.classID = classID
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            recall: try configuration.rate("recall"),
            numThresholds: try configuration.int("num_thresholds", default: 200),
            classID: try configuration.optionalInt("class_id"),
            name: try configuration.name(default: "precision_at_recall"))
        guard numThresholds > 0 else {
            throw configuration.failure("num_thresholds", "should be above 0")
        }
    }

    public var config: [String: JSONValue] {
        baseConfig.merging([
            "num_thresholds": .integer(numThresholds), "class_id": JSONValue(classID),
            "recall": JSONValue(recall),
        ]) { $1 }
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        let counts = ConfusionRates(state)
        return counts.precision.largest(where: counts.recall, isAtLeast: recall)
    }
}
