internal import StrataGraph

/// Applies random elastic deformations to images while training.
///
/// ### Source
/// Keras 3.15.1 `RandomElasticTransform`; Simard et al., 2003. Rows and columns have separate
/// displacement fields, where Keras's JAX backend draws the same values for both.
public final class RandomElasticTransform: MovingAugmentation, SerializableLayer {
    private static let bounds: ClosedRange<Float> = 0...1
    private let factor: RandomFactor
    private let scale: RandomFactor
    private let valueRange: ClosedRange<Float>

    /// - Parameters:
    ///   - factor: the probability that an image is changed, 0 … 1; drawn from a range if one is
    ///     given.
    ///   - scale: the size and smoothness of the displacements, 0 … 1.
    ///   - interpolation: `.nearest` or `.bilinear`.
    ///   - fillMode: how pixels beyond the edges are filled.
    ///   - fillValue: the value for `.constant`.
    ///   - valueRange: the range of pixel values; results are clipped to it.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public init<each Factor: NumberList, each Scale: NumberList>(
        _ factor: (repeat each Factor) = (), scale: (repeat each Scale) = (),
        interpolation: Interpolation = .bilinear, fillMode: FillMode = .reflect,
        fillValue: Double = 0, valueRange: ClosedRange<Double> = 0...255, seed: Int? = nil,
        dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        let factor = RandomFactor(joining: repeat each factor, or: 1)
        let scale = RandomFactor(joining: repeat each scale, or: 1)
        self.factor = factor
        self.scale = scale
        self.valueRange = valueRange.inFloat32
        super.init(
            fillMode: fillMode, interpolation: interpolation, fillValue: fillValue, seed: seed,
            dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.factor("factor", default: 1),
            scale: try configuration.factor("scale", default: 1),
            interpolation: try configuration.choice("interpolation", default: .bilinear),
            fillMode: try configuration.choice("fill_mode", default: .reflect),
            fillValue: try configuration.double("fill_value", default: 0),
            valueRange: try configuration.range("value_range", default: 0...255),
            seed: try configuration.optionalInt("seed"),
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
    }

    override func check() throws(GraphError.Problem) {
        try super.check()
        try factor.check("factor", Self.bounds)
        try scale.check("scale", Self.bounds)
    }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        let (height, width, _) = Self.size(images)
        let range = scale.range(in: Self.bounds)
        guard range.upperBound > 0 else { return images }
        let applies = draws.chance(factor.range(in: Self.bounds))
        let strength = draws.uniform(range, .one)
        let alpha = strength * (0.1 * Float(max(height, width)))
        // A standard deviation of 0 would be a division by 0.
        let sigma = (strength * (0.05 * Float(min(height, width)))).maximum(1e-6)
        // Wide enough for the largest standard deviation; Keras's kernel is three deviations wide.
        let reach = Int(6 * range.upperBound * 0.05 * Float(min(height, width))) | 1
        let shift = {
            (draws.normal(.perImage([height, width, 1])) * sigma)
                .blurred(sizes: (reach, reach), deviations: (sigma, sigma)) * alpha
        }
        let result = moved(
            images, rows: Self.rows(height) + shift(), columns: Self.columns(width) + shift())
        return applies.select(result, images)
            .clipped(valueRange.lowerBound, valueRange.upperBound)
    }

    override var arguments: [String: JSONValue] {
        movement.merging([
            "factor": factor.range(in: Self.bounds).json,
            "scale": scale.range(in: Self.bounds).json, "value_range": valueRange.json,
        ]) { $1 }
    }
}
