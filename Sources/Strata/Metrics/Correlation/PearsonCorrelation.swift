/// Mean Pearson correlation of targets and predictions along an axis, −1 … 1.
///
/// Keras 3.15.1 `PearsonCorrelation`.
public struct PearsonCorrelation: MeanMetric {
    public static let className = "PearsonCorrelation"
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
        let (targets, predictions) = SymbolicTensor.aligned(targets, predictions)
        let standard = { (x: SymbolicTensor) in
            let centered = x - x.mean(axes: [axis], keepDimensions: true)
            return centered / centered.square().mean(axes: [axis], keepDimensions: true).sqrt()
        }
        return (standard(targets) * standard(predictions)).mean(axes: [axis])
    }
}
