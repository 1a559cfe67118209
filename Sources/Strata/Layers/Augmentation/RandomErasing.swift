internal import StrataGraph

/// Erases a random box of images while training.
///
/// ### Source
/// Keras 3.15.1 `RandomErasing`; Zhong et al., 2017, arXiv 1708.04896.
public final class RandomErasing: ImageAugmentation, SerializableLayer {
    private static let bounds: ClosedRange<Float> = 0...1
    private let factor: RandomFactor
    private let scale: RandomFactor
    private let fillValue: [Float]?
    private let valueRange: ClosedRange<Float>

    /// - Parameters:
    ///   - factor: the probability that an image is covered, 0 … 1; drawn from a range if one is
    ///     given.
    ///   - scale: the squared sides of the box as fractions of the image's, 0 … 1.
    ///   - fillValue: the value of the box, one or one for each channel; noise if left out.
    ///   - valueRange: the range of pixel values; results are clipped to it.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public init<each Factor: NumberList, each Scale: NumberList>(
        _ factor: (repeat each Factor) = (), scale: (repeat each Scale) = (),
        fillValue: [Double]? = nil, valueRange: ClosedRange<Double> = 0...255, seed: Int? = nil,
        dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        let factor = RandomFactor(joining: repeat each factor, or: 1)
        let scale = RandomFactor(joining: repeat each scale, or: [0.02, 0.33])
        self.factor = factor
        self.scale = scale
        self.fillValue = fillValue?.map { Float($0) }
        self.valueRange = valueRange.inFloat32
        super.init(seed: seed, dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.factor("factor", default: 1),
            scale: try configuration.factor("scale", default: [0.02, 0.33]),
            fillValue: configuration.value("fill_value") == nil
                ? nil : try configuration.doubles("fill_value"),
            valueRange: try configuration.range("value_range", default: 0...255),
            seed: try configuration.optionalInt("seed"),
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
    }

    override func check() throws(GraphError.Problem) {
        try factor.check("factor", Self.bounds)
        try scale.check("scale", Self.bounds)
    }

    override var channelCount: Int? { (fillValue?.count).flatMap { $0 == 1 ? nil : $0 } }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        let range = scale.range(in: Self.bounds)
        let (height, width, channels) = Self.size(images)
        let box = ImageBox(
            width: draws.uniform(range).sqrt(), height: draws.uniform(range).sqrt(), of: images,
            draws)
        let applies = draws.chance(factor.range(in: Self.bounds))
        let fill =
            fillValue.map { SymbolicTensor.constant(Tensor($0)) }
            ?? draws.normal(.perImage([height, width, channels])) * valueRange.upperBound
        return (applies * box.mask).select(fill.clipped(valueRange), images)
    }

    override var arguments: [String: JSONValue] {
        [
            "factor": factor.range(in: Self.bounds).json,
            "scale": scale.range(in: Self.bounds).json,
            "fill_value": fillValue.map {
                $0.count == 1 ? .float($0[0]) : .array($0.map { .float($0) })
            } ?? .null, "value_range": valueRange.json,
        ]
    }
}
