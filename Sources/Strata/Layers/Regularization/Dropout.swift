internal import StrataGraph

/// Sets elements to 0 at random while training, and scales the others to keep the sum.
///
/// Which elements depends on the seed, the step and the place alone; so a run with the same seed gives
/// the same bits whatever the number of threads, and the gradient needs no stored mask.
///
/// ### Shapes
/// - Input: any; output: the same.
///
/// ### Source
/// Keras 3.15.1 `Dropout`; Srivastava et al., 2014.
public final class Dropout: Layer, SerializableLayer {
    public let rate: Float
    /// Dimensions of the mask; one of 1 shares the mask along its axis, `nil` stands for the input's.
    public let noiseShape: Shape?
    public let seed: Int?
    private let stream: UInt64

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
        self.seed = seed
        stream = seed.map { UInt64(bitPattern: Int64($0)) } ?? RandomGenerator.nextSeed()
        super.init(name: name)
    }

    public convenience init(_ configuration: Configuration) throws(ConfigurationError) {
        var noiseShape: Shape?
        if configuration.value("noise_shape") != nil {
            noiseShape = Shape(try configuration.array("noise_shape").map(\.integer))
        }
        self.init(
            try configuration.float("rate"), noiseShape: noiseShape,
            seed: try configuration.optionalInt("seed"), name: try configuration.layerName())
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        guard (0...1).contains(rate) else {
            throw .invalidArgument("rate is \(rate)", fix: "use a fraction from 0 to 1")
        }
        if let noiseShape, noiseShape.broadcast(with: inputShapes[0]) == nil {
            throw .notBroadcastable(noiseShape, inputShapes[0])
        }
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        guard context.isTraining, rate > 0 else { return x }
        if rate == 1 { return x * 0 }
        let operation = StrataGraph.Dropout(rate: rate, key: context.randomKey(seed: stream))
        guard let noiseShape else {
            return .apply(.dropout(operation), x, context.stepNumber)
        }
        let mask = zip(noiseShape.dimensions, x.shape.dimensions).map { $0 ?? $1 }
        let ones = SymbolicTensor.constant(1).broadcast(to: Shape(mask))
        return x * .apply(.dropout(operation), ones, context.stepNumber)
    }

    public override var config: [String: JSONValue] {
        [
            "rate": .float(rate),
            "noise_shape": noiseShape.map {
                .array($0.dimensions.map { $0.map(JSONValue.integer) ?? .null })
            } ?? .null,
            "seed": seed.map(JSONValue.integer) ?? .null,
        ]
    }
}
