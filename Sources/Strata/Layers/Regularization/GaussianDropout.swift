/// Gaussian dropout: multiplies by noise of mean 1 and variance rate / (1 − rate) while training.
///
/// Input and output have one shape; a rate that is not a fraction is reported when the model is
/// built. Keras 3.15.1 `GaussianDropout`; Srivastava et al., 2014.
public final class GaussianDropout: RandomLayer, SerializableLayer {
    public let rate: Float

    /// - Parameters:
    ///   - rate: the rate of a dropout of the same variance, 0 ..< 1.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - name: unique within a model.
    public init(_ rate: any RealNumber, seed: Int? = nil, name: String? = nil) {
        self.rate = Float(rate.asDouble)
        super.init(seed: seed, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.double("rate"), seed: try configuration.optionalInt("seed"),
            name: try configuration.layerName())
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        try RandomLayer.check("rate", rate)
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        guard context.isTraining, rate > 0 else { return x }
        let stddev = (rate / (1 - rate)).squareRoot()
        return (x * normal(x.shape, mean: 1, stddev: stddev, context)).cast(to: x.dtype)
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] {
        ["rate": .float(rate), "seed": JSONValue(seed)]
    }
}
