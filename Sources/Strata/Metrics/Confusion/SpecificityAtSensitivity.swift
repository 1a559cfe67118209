/// The best part of the negatives that stay such while enough positives are found.
///
/// Keras 3.15.1 `SpecificityAtSensitivity`; 0 where no threshold gives that.
public struct SpecificityAtSensitivity: ConstrainedRate {
    public static let className = "SpecificityAtSensitivity"
    /// The least sensitivity that is asked for, 0 … 1.
    public var sensitivity: Float
    /// How many thresholds are tried, evenly from 0 to 1.
    public var numThresholds: Int
    /// Only this class counts.
    public var classID: Int?
    public var name: String

    public init(
        sensitivity: Double, numThresholds: Int = 200, classID: Int? = nil,
        name: String = "specificity_at_sensitivity"
    ) {
        self.sensitivity = Float(sensitivity)
        self.numThresholds = numThresholds
        self.classID = classID
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            sensitivity: try configuration.rate("sensitivity"),
            numThresholds: try configuration.int("num_thresholds", default: 200),
            classID: try configuration.optionalInt("class_id"),
            name: try configuration.name(default: "specificity_at_sensitivity"))
        guard numThresholds > 0 else {
            throw configuration.failure("num_thresholds", "should be above 0")
        }
    }

    public var config: [String: JSONValue] {
        baseConfig.merging([
            "num_thresholds": .integer(numThresholds), "class_id": JSONValue(classID),
            "sensitivity": JSONValue(sensitivity),
        ]) { $1 }
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        let counts = ConfusionRates(state)
        return counts.specificity.largest(where: counts.recall, isAtLeast: sensitivity)
    }
}
