/// The best part of the positives that is found while enough negatives stay such.
///
/// Keras 3.15.1 `SensitivityAtSpecificity`; 0 where no threshold gives that.
public struct SensitivityAtSpecificity: ConstrainedRate {
    public static let className = "SensitivityAtSpecificity"
    /// The least specificity that is asked for, 0 … 1.
    public var specificity: Float
    /// How many thresholds are tried, evenly from 0 to 1.
    public var numThresholds: Int
    /// Only this class counts.
    public var classID: Int?
    public var name: String

    public init(
        specificity: Double, numThresholds: Int = 200, classID: Int? = nil,
        name: String = "sensitivity_at_specificity"
    ) {
        self.specificity = Float(specificity)
        self.numThresholds = numThresholds
        self.classID = classID
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            specificity: try configuration.rate("specificity"),
            numThresholds: try configuration.int("num_thresholds", default: 200),
            classID: try configuration.optionalInt("class_id"),
            name: try configuration.name(default: "sensitivity_at_specificity"))
        guard numThresholds > 0 else {
            throw configuration.failure("num_thresholds", "should be above 0")
        }
    }

    public var config: [String: JSONValue] {
        baseConfig.merging([
            "num_thresholds": .integer(numThresholds), "class_id": JSONValue(classID),
            "specificity": JSONValue(specificity),
        ]) { $1 }
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        let counts = ConfusionRates(state)
        return counts.recall.largest(where: counts.specificity, isAtLeast: specificity)
    }
}
