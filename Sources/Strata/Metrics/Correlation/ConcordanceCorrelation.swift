/// Concordance correlation of targets and predictions along an axis; 1 if they are equal.
///
/// Lin, 1989; Keras 3.15.1 `ConcordanceCorrelation`.
public struct ConcordanceCorrelation: MeanMetric {
    public static let className = "ConcordanceCorrelation"
    public var name: String
    /// The axis of the correlation.
    public var axis: Int

    public init(name: String = Self.defaultName, axis: Int = -1) {
        self.name = name
        self.axis = axis
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
        axis = try configuration.int("axis", default: axis)
    }

    public var config: [String: JSONValue] {
        baseConfig.merging(["axis": .integer(axis)]) { $1 }
    }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        let (y, p) = SymbolicTensor.aligned(targets, predictions)
        let mean = { (x: SymbolicTensor) in x.mean(axes: [axis], keepDimensions: true) }
        let (yMean, pMean) = (mean(y), mean(p))
        // The mean of (y − p̄)(p − p̄) is the covariance: its second factor has mean 0.
        let covariance = (y - pMean) * (p - pMean)
        let spread =
            mean((y - yMean).square()) + mean((p - pMean).square()) + (yMean - pMean).square()
        return (covariance * 2 / (spread + 1e-7)).mean(axes: [axis])
    }
}
