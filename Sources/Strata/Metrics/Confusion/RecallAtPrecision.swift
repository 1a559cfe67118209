/// The best part of the positives that is found with enough precision.
///
/// Keras 3.15.1 `RecallAtPrecision`; 0 where no threshold gives that.
public struct RecallAtPrecision: ConstrainedRate {
    public static let className = "RecallAtPrecision"
    /// The least precision that is asked for, 0 … 1.
    public var precision: Float
    /// How many thresholds are tried, evenly from 0 to 1.
    public var numThresholds: Int
    /// Only this class counts.
    public var classID: Int?
    public var name: String

    public init(
        precision: Double, numThresholds: Int = 200, classID: Int? = nil,
        name: String = "recall_at_precision"
    ) {
        self.precision = Float(precision)
        self.numThresholds = numThresholds
        self.classID = classID
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            precision: try configuration.rate("precision"),
            numThresholds: try configuration.int("num_thresholds", default: 200),
            classID: try configuration.optionalInt("class_id"),
            name: try configuration.name(default: "recall_at_precision"))
        guard numThresholds > 0 else {
            throw configuration.failure("num_thresholds", "should be above 0")
        }
    }

    public var config: [String: JSONValue] {
        baseConfig.merging([
            "num_thresholds": .integer(numThresholds), "class_id": JSONValue(classID),
            "precision": JSONValue(precision),
        ]) { $1 }
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        let counts = ConfusionRates(state)
        return counts.recall.largest(where: counts.precision, isAtLeast: precision)
    }
}
