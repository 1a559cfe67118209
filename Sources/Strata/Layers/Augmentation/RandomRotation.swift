internal import StrataGraph

/// Rotates images about their centre at random while training.
///
/// ### Source
/// Keras 3.15.1 `RandomRotation`.
public final class RandomRotation: MovingAugmentation, SerializableLayer {
    private static let bounds: ClosedRange<Float> = -1...1
    private let factor: RandomFactor

    /// - Parameters:
    ///   - factor: the angle as a fraction of a full turn, −1 … 1; 0.1 is up to 36° to either side.
    ///   - fillMode: how pixels beyond the edges are filled.
    ///   - interpolation: `.nearest` or `.bilinear`.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - fillValue: the value for `.constant`.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public init<each Factor: NumberList>(
        _ factor: (repeat each Factor), fillMode: FillMode = .reflect,
        interpolation: Interpolation = .bilinear, seed: Int? = nil, fillValue: Double = 0,
        dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        let factor = RandomFactor(joining: repeat each factor)
        self.factor = factor
        super.init(
            fillMode: fillMode, interpolation: interpolation, fillValue: fillValue, seed: seed,
            dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.factor("factor"),
            fillMode: try configuration.choice("fill_mode", default: .reflect),
            interpolation: try configuration.choice("interpolation", default: .bilinear),
            seed: try configuration.optionalInt("seed"),
            fillValue: try configuration.double("fill_value", default: 0),
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
    }

    override func check() throws(GraphError.Problem) {
        try super.check()
        try factor.check("factor", Self.bounds)
    }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        let (height, width, _) = Self.size(images)
        let angle = draws.uniform(factor.range(in: Self.bounds)) * (2 * Float.pi)
        let (cos, sin) = (angle.cos(), angle.sin())
        let (x, y) = (0.5 * Float(width - 1), 0.5 * Float(height - 1))
        return moved(
            images,
            Affine(
                a: (cos, -sin, x - cos * x + sin * y), b: (sin, cos, y - sin * x - cos * y)))
    }

    override var arguments: [String: JSONValue] {
        movement.merging(["factor": factor.range(in: Self.bounds).json]) { $1 }
    }
}
