/// Sets elements to SELU's lower bound at random while training, and keeps mean and variance.
///
/// ### Shapes
/// - Input: any; output: the same.
///
/// ### Errors
/// Reported when the model is built: a rate that is no fraction, a mask that does not fit the input.
///
/// ### Source
/// Keras 3.15.1 `AlphaDropout`; Klambauer et al., 2017, arXiv:1706.02515.
public final class AlphaDropout: RandomLayer, SerializableLayer {
    public let rate: Float
    /// Dimensions of the mask; one of 1 shares the mask along its axis, `nil` stands for the input's.
    public let noiseShape: Shape?

    /// - Parameters:
    ///   - rate: the fraction dropped, 0 ..< 1.
    ///   - noiseShape: the shape of the mask, with the batch's dimension; the input's if left out.
    ///   - seed: fixes which elements are dropped; otherwise ``setRandomSeed(_:)`` does.
    ///   - name: unique within a model.
    public init(
        _ rate: Float, noiseShape: Shape? = nil, seed: Int? = nil, name: String? = nil
    ) {
        self.rate = rate
        self.noiseShape = noiseShape
        super.init(seed: seed, name: name)
    }

    public convenience init(_ configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.float("rate"), noiseShape: try configuration.noiseShape(),
            seed: try configuration.optionalInt("seed"), name: try configuration.layerName())
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        try RandomLayer.check("rate", rate)
        try noiseShape?.checkMask(of: inputShapes[0])
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        guard context.isTraining, rate > 0 else { return x }
        // SELU's −scale · alpha; at rate 1 nothing is left, and a is infinite in Keras too.
        let bound = -1.673_263_242_354_377_2 * 1.050_700_987_355_480_5
        let rate = rate.asWritten
        let a = 1 / ((1 - rate) * (1 + rate * bound * bound)).squareRoot()
        let mask = noiseShape?.filled(from: x.shape) ?? x.shape
        let isKept = uniform(mask, context).greaterOrEqual(to: self.rate)
        let y = isKept.select(x, .constant(Float(bound)))
        return (y * Float(a) + Float(-a * bound * rate)).cast(to: x.dtype)
    }

    public override var config: [String: JSONValue] {
        [
            "rate": .float(rate), "noise_shape": noiseShape?.json ?? .null,
            "seed": JSONValue(seed),
        ]
    }
}
