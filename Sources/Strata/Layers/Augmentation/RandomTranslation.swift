internal import StrataGraph

/// Translates images at random while training.
///
/// ### Source
/// Keras 3.15.1 `RandomTranslation`.
public final class RandomTranslation: MovingAugmentation, SerializableLayer {
    private static let bounds: ClosedRange<Float> = -1...1
    private let heightFactor: RandomFactor
    private let widthFactor: RandomFactor

    /// - Parameters:
    ///   - heightFactor: the shift as a fraction of the height, −1 … 1; positive is down.
    ///   - widthFactor: the shift as a fraction of the width, −1 … 1; positive is right.
    ///   - fillMode: how pixels beyond the edges are filled.
    ///   - interpolation: `.nearest` or `.bilinear`.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - fillValue: the value for `.constant`.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public init<each HeightFactor: NumberList, each WidthFactor: NumberList>(
        _ heightFactor: (repeat each HeightFactor), _ widthFactor: (repeat each WidthFactor),
        fillMode: FillMode = .reflect,
        interpolation: Interpolation = .bilinear, seed: Int? = nil, fillValue: Double = 0,
        dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        let heightFactor = RandomFactor(joining: repeat each heightFactor)
        let widthFactor = RandomFactor(joining: repeat each widthFactor)
        self.heightFactor = heightFactor
        self.widthFactor = widthFactor
        super.init(
            fillMode: fillMode, interpolation: interpolation, fillValue: fillValue, seed: seed,
            dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.factor("height_factor"), try configuration.factor("width_factor"),
            fillMode: try configuration.choice("fill_mode", default: .reflect),
            interpolation: try configuration.choice("interpolation", default: .bilinear),
            seed: try configuration.optionalInt("seed"),
            fillValue: try configuration.double("fill_value", default: 0),
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
    }

    override func check() throws(GraphError.Problem) {
        try super.check()
        try heightFactor.check("heightFactor", Self.bounds)
        try widthFactor.check("widthFactor", Self.bounds)
    }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        let (height, width, _) = Self.size(images)
        let down = draws.uniform(heightFactor.range(in: Self.bounds)) * Float(height)
        let right = draws.uniform(widthFactor.range(in: Self.bounds)) * Float(width)
        let (zero, one) = (draws.same(0), draws.same(1))
        return moved(images, Affine(a: (one, zero, -right), b: (zero, one, -down)))
    }

    override var arguments: [String: JSONValue] {
        movement.merging([
            "height_factor": heightFactor.json, "width_factor": widthFactor.json,
        ]) { $1 }
    }
}
