/// Base class of Dropout and AlphaDropout: a rate, and a mask that may be smaller than the input.
public class DropoutLayer: RandomLayer, SerializableLayer {
    public let rate: Float
    /// The mask's shape, which broadcasts to the input's as in NumPy: a dimension of 1, or a
    /// missing one in front, shares the mask along its axis; `nil` is the input's dimension.
    public let noiseShape: Shape?

    /// - Parameters:
    ///   - rate: the fraction of dropped elements, 0 ..< 1.
    ///   - noiseShape: the shape of the mask, which broadcasts to the input's; the input's if left
    ///     out.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
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

    /// Whether all samples have one mask; a batch of one sample does not make it so.
    final func sharesMask(_ x: SymbolicTensor) -> Bool {
        noiseShape.map { $0.rank < x.rank || $0.dimensions.first == 1 } ?? false
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
    /// - Throws: if a mask of this shape does not broadcast to the input's.
    func checkMask(of input: Shape) throws(GraphError.Problem) {
        // As in Keras, an open dimension is that of the input's axis of the same index, and axes
        // are matched from the last one on only afterwards.
        let mask = filled(from: input)
        guard rank <= input.rank, let both = mask.broadcast(with: input),
            both == input || input.known == nil
        else { throw .notBroadcastable(self, input) }
    }
}
