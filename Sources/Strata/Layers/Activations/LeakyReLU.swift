/// Leaky ReLU: x above 0, `negativeSlope` · x below; input and output have one shape.
///
/// A slope below 0 is reported when the model is built. Keras 3.15.1 `LeakyReLU`; Maas et al.,
/// 2013.
public final class LeakyReLU: Layer, SerializableLayer {
    public let negativeSlope: Float

    /// - Parameters:
    ///   - negativeSlope: the slope below 0; 0 or more.
    ///   - name: unique within a model.
    public init(negativeSlope: any RealNumber = 0.3, name: String? = nil) {
        self.negativeSlope = Float(negativeSlope.asDouble)
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        // The name that older files have.
        let key = configuration.value("alpha") == nil ? "negative_slope" : "alpha"
        self.init(
            negativeSlope: try configuration.double(key, default: 0.3),
            name: try configuration.layerName())
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        try ReLU.check("negativeSlope", negativeSlope)
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        x.leakyRelu(negativeSlope: negativeSlope)
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] { ["negative_slope": .float(negativeSlope)] }
}
