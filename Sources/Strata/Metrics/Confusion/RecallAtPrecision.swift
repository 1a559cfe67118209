/// The best recall while the precision is high enough.
///
/// Keras 3.15.1 `RecallAtPrecision`; 0 if no threshold reaches it.
public struct RecallAtPrecision: ConstrainedRate {
    public static let className = "RecallAtPrecision"
    /// The minimum precision, 0 … 1.
    public var precision: Float
    /// The number of evenly spaced thresholds from 0 to 1.
    public var numThresholds: Int
    /// The only class that is evaluated; all classes if left out.
    public var classID: Int?
    public var name: String

    public init(
        precision: Double, numThresholds: Int = 200, classID: Int? = nil,
        name: String = Self.defaultName
    ) {
        self.precision = Float(precision)
        self.numThresholds = numThresholds
        self.classID = classID
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(precision: try configuration.rate("precision"))
        try read(configuration)
    }

    public var config: [String: JSONValue] { config(adding: ["precision": JSONValue(precision)]) }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        let counts = ConfusionRates(state)
        return counts.recall.largest(where: counts.precision, isAtLeast: precision)
    }
}
