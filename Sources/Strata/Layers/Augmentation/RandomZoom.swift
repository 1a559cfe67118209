internal import StrataGraph

/// Zooms images about their centre at random while training.
///
/// ### Source
/// Keras 3.15.1 `RandomZoom`.
public final class RandomZoom: MovingAugmentation, SerializableLayer {
    private static let bounds: ClosedRange<Float> = -1...1
    private let heightFactor: RandomFactor
    private let widthFactor: RandomFactor?

    /// - Parameters:
    ///   - heightFactor: the relative change of the visible height, above −1 … 1: 0.2 zooms out by
    ///     20 %, −0.2 in.
    ///   - widthFactor: the same for the width; that of the height if left out.
    ///   - fillMode: how pixels beyond the edges are filled.
    ///   - interpolation: `.nearest` or `.bilinear`.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - fillValue: the value for `.constant`.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public convenience init<each HeightFactor: NumberList, each WidthFactor: NumberList>(
        _ heightFactor: (repeat each HeightFactor), _ widthFactor: (repeat each WidthFactor) = (),
        fillMode: FillMode = .reflect, interpolation: Interpolation = .bilinear,
        seed: Int? = nil, fillValue: Double = 0, dataFormat: DataFormat = .channelsLast,
        name: String? = nil
    ) {
        self.init(
            RandomFactor(joining: repeat each heightFactor),
            width: .joined(repeat each widthFactor), fillMode, interpolation, seed, fillValue,
            dataFormat, name)
    }

    private init(
        _ heightFactor: RandomFactor, width widthFactor: RandomFactor?, _ fillMode: FillMode,
        _ interpolation: Interpolation, _ seed: Int?, _ fillValue: Double,
        _ dataFormat: DataFormat, _ name: String?
    ) {
        self.heightFactor = heightFactor
        self.widthFactor = widthFactor
        super.init(
            fillMode: fillMode, interpolation: interpolation, fillValue: fillValue, seed: seed,
            dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.factor("height_factor"),
            width: try configuration.optionalFactor("width_factor"),
            try configuration.choice("fill_mode", default: .reflect),
            try configuration.choice("interpolation", default: .bilinear),
            try configuration.optionalInt("seed"),
            try configuration.double("fill_value", default: 0),
            try configuration.dataFormat(), try configuration.layerName())
    }

    override func check() throws(GraphError.Problem) {
        try super.check()
        // At −1 nothing of the image would remain.
        let allowed = (-1 as Float).nextUp...1
        try heightFactor.check("heightFactor", allowed)
        try widthFactor?.check("widthFactor", allowed)
    }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        let (height, width, _) = Self.size(images)
        let tall = 1 + draws.uniform(heightFactor.range(in: Self.bounds))
        let wide = widthFactor.map { 1 + draws.uniform($0.range(in: Self.bounds)) } ?? tall
        let zero = draws.same(0)
        return moved(
            images,
            Affine(
                a: (wide, zero, (1 - wide) * (Float(width - 1) / 2)),
                b: (zero, tall, (1 - tall) * (Float(height - 1) / 2))))
    }

    override var arguments: [String: JSONValue] {
        movement.merging([
            "height_factor": heightFactor.json, "width_factor": widthFactor?.json ?? .null,
        ]) { $1 }
    }
}
