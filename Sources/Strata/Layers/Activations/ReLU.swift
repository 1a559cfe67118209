/// ReLU: max(x, 0), with an optional slope below, maximum, and threshold.
///
/// Values above `threshold` pass, up to `maxValue`; values below become `negativeSlope` · (x −
/// `threshold`).
///
/// ### Shapes
/// - Input: any; output: the same.
///
/// ### Errors
/// Reported when the model is built: a number below 0.
///
/// ### Source
/// Keras 3.15.1 `ReLU`.
public final class ReLU: Layer, SerializableLayer {
    public let maxValue: Float?
    public let negativeSlope: Float
    public let threshold: Float

    /// - Parameters:
    ///   - maxValue: the maximum output; 0 or more, unbounded if left out.
    ///   - negativeSlope: the slope below the threshold; 0 or more.
    ///   - threshold: values above it pass; 0 or more.
    ///   - name: unique within a model.
    public init(
        maxValue: Double? = nil, negativeSlope: Double = 0, threshold: Double = 0,
        name: String? = nil
    ) {
        self.maxValue = maxValue.map { Float($0) }
        self.negativeSlope = Float(negativeSlope)
        self.threshold = Float(threshold)
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            maxValue: try configuration.optionalDouble("max_value"),
            negativeSlope: try configuration.double("negative_slope", default: 0),
            threshold: try configuration.double("threshold", default: 0),
            name: try configuration.layerName())
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        try ReLU.check("maxValue", maxValue ?? 0)
        try ReLU.check("negativeSlope", negativeSlope)
        try ReLU.check("threshold", threshold)
    }

    static func check(_ name: String, _ value: Float) throws(GraphError.Problem) {
        guard value >= 0 else {
            throw .invalidArgument("\(name) is \(value)", fix: "use 0 or more")
        }
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        x.relu(negativeSlope: negativeSlope, maxValue: maxValue, threshold: threshold)
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] {
        [
            "max_value": JSONValue(maxValue), "negative_slope": .float(negativeSlope),
            "threshold": .float(threshold),
        ]
    }
}
