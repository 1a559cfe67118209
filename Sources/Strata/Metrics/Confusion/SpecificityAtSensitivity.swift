/// The best specificity while the sensitivity is high enough.
///
/// Keras 3.15.1 `SpecificityAtSensitivity`; 0 if no threshold reaches it.
public struct SpecificityAtSensitivity: ConstrainedRate {
    public static let className = "SpecificityAtSensitivity"
    /// The minimum sensitivity, 0 … 1.
    public var sensitivity: Float
    /// The number of evenly spaced thresholds from 0 to 1.
    public var numThresholds: Int
    /// The only class that is evaluated; all classes if left out.
    public var classID: Int?
    public var name: String

    public init(
        sensitivity: Double, numThresholds: Int = 200, classID: Int? = nil,
        name: String = Self.defaultName
    ) {
        self.sensitivity = Float(sensitivity)
        self.numThresholds = numThresholds
        self.classID = classID
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(sensitivity: try configuration.rate("sensitivity"))
        try read(configuration)
    }

    public var config: [String: JSONValue] {
        config(adding: ["sensitivity": JSONValue(sensitivity)])
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        let counts = ConfusionRates(state)
        return counts.specificity.largest(where: counts.recall, isAtLeast: sensitivity)
    }
}
