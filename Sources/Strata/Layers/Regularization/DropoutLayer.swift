/// What Dropout and AlphaDropout share: a fraction, and a mask that may be smaller than the input.
public class DropoutLayer: RandomLayer, SerializableLayer {
    public let rate: Float
    /// Dimensions of the mask, which is repeated over the input's as NumPy broadcasts: one of 1, or that is
    /// missing in front, shares the mask along its axis; `nil` stands for the input's.
    public let noiseShape: Shape?

    /// - Parameters:
    ///   - rate: the fraction dropped, 0 ..< 1.
    ///   - noiseShape: the shape of the mask, which broadcasts to the input's; the input's if left out.
    ///   - seed: fixes which elements are dropped; otherwise ``setRandomSeed(_:)`` does.
    ///   - name: unique within a model.
    public init(
        _ rate: any RealNumber, noiseShape: (any ShapeConvertible)? = nil, seed: Int? = nil,
        name: String? = nil
    ) {
        self.rate = Float(rate.asDouble)
        self.noiseShape = noiseShape?.asShape
        super.init(seed: seed, name: name)
    }

    public required convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.double("rate"), noiseShape: try configuration.noiseShape(),
            seed: try configuration.optionalInt("seed"), name: try configuration.layerName())
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        try RandomLayer.check("rate", rate)
        try noiseShape?.checkMask(of: inputShapes[0])
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] {
        [
            "rate": .float(rate), "noise_shape": noiseShape?.json ?? .null,
            "seed": JSONValue(seed),
        ]
    }
}

extension Shape {
    /// - Throws: where a mask of this shape does not broadcast to an input of that.
    func checkMask(of input: Shape) throws(GraphError.Problem) {
        // As in Keras, a dimension that is left open is that of the input's axis of the same number, and
        // axes are matched from the last one on only afterwards.
        let mask = filled(from: input)
        guard rank <= input.rank, let both = mask.broadcast(with: input),
            both == input || input.known == nil
        else { throw .notBroadcastable(self, input) }
    }
}
