/// Adds Gaussian noise of mean 0 while training.
///
/// Input and output have one shape; a deviation that is not from 0 to 1 is reported when the model
/// is built. Keras 3.15.1 `GaussianNoise`.
public final class GaussianNoise: RandomLayer, SerializableLayer {
    public let stddev: Float

    /// - Parameters:
    ///   - stddev: the noise's standard deviation, 0 … 1.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - name: unique within a model.
    public init(_ stddev: any RealNumber, seed: Int? = nil, name: String? = nil) {
        self.stddev = Float(stddev.asDouble)
        super.init(seed: seed, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.double("stddev"), seed: try configuration.optionalInt("seed"),
            name: try configuration.layerName())
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        try RandomLayer.check("stddev", stddev)
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        guard context.isTraining, stddev > 0 else { return x }
        return (x + normal(x.shape, mean: 0, stddev: stddev, context)).cast(to: x.dtype)
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] {
        ["stddev": .float(stddev), "seed": JSONValue(seed)]
    }
}
