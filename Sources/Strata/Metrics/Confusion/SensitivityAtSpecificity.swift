/// The best sensitivity while the specificity is high enough.
///
/// Keras 3.15.1 `SensitivityAtSpecificity`; 0 if no threshold reaches it.
public struct SensitivityAtSpecificity: ConstrainedRate {
    public static let className = "SensitivityAtSpecificity"
    /// The minimum specificity, 0 … 1.
    public var specificity: Float
    /// The number of evenly spaced thresholds from 0 to 1.
    public var numThresholds: Int
    /// The only class that is evaluated; all classes if left out.
    public var classID: Int?
    public var name: String

    public init(
        specificity: Double, numThresholds: Int = 200, classID: Int? = nil,
        name: String = Self.defaultName
    ) {
        self.specificity = Float(specificity)
        self.numThresholds = numThresholds
        self.classID = classID
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(specificity: try configuration.rate("specificity"))
        try read(configuration)
    }

    public var config: [String: JSONValue] {
        config(adding: ["specificity": JSONValue(specificity)])
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        let counts = ConfusionRates(state)
        return counts.recall.largest(where: counts.specificity, isAtLeast: specificity)
    }
}
