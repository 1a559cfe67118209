internal import StrataGraph

/// Changes brightness, contrast, saturation and hue, in this order, while training.
///
/// ### Source
/// Keras 3.15.1 `RandomColorJitter`.
public final class RandomColorJitter: ImageAugmentation, SerializableLayer {
    private let valueRange: ClosedRange<Float>
    private let factors: [(key: String, factor: RandomFactor?)]
    private let steps: [ColourAugmentation]

    /// - Parameters:
    ///   - valueRange: the range of pixel values; results are clipped to it.
    ///   - brightnessFactor: as in ``RandomBrightness``; unchanged if left out, like the others.
    ///   - contrastFactor: as in ``RandomContrast``.
    ///   - saturationFactor: as in ``RandomSaturation``.
    ///   - hueFactor: as in ``RandomHue``.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public convenience init<
        each Brightness: NumberList, each Contrast: NumberList, each Saturation: NumberList,
        each Hue: NumberList
    >(
        valueRange: ClosedRange<Double> = 0...255, brightnessFactor: (repeat each Brightness) = (),
        contrastFactor: (repeat each Contrast) = (),
        saturationFactor: (repeat each Saturation) = (),
        hueFactor: (repeat each Hue) = (), seed: Int? = nil,
        dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        self.init(
            [
                .joined(repeat each brightnessFactor), .joined(repeat each contrastFactor),
                .joined(repeat each saturationFactor), .joined(repeat each hueFactor),
            ], valueRange, seed, dataFormat, name)
    }

    private static let keys = [
        "brightness_factor", "contrast_factor", "saturation_factor", "hue_factor",
    ]

    /// - Parameter factors: in the order of ``keys``.
    private init(
        _ factors: [RandomFactor?], _ valueRange: ClosedRange<Double>, _ seed: Int?,
        _ dataFormat: DataFormat, _ name: String?
    ) {
        self.valueRange = valueRange.inFloat32
        self.factors = zip(Self.keys, factors).map { (key: $0, factor: $1) }
        let types: [ColourAugmentation.Type] = [
            RandomBrightness.self, RandomContrast.self, RandomSaturation.self, RandomHue.self,
        ]
        steps = zip(types, self.factors).compactMap { type, entry in
            entry.factor.map {
                type.init(
                    factor: $0, valueRange: valueRange, seed: seed, dataFormat: .channelsLast,
                    name: entry.key)
            }
        }
        super.init(seed: seed, dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try Self.keys.map { key throws(ConfigurationError) in
                try configuration.optionalFactor(key)
            },
            try configuration.range("value_range", default: 0...255),
            try configuration.optionalInt("seed"), try configuration.dataFormat(),
            try configuration.layerName())
    }

    override func check() throws(GraphError.Problem) {
        for step in steps { try step.check() }
    }

    override var channelCount: Int? { steps.lazy.compactMap(\.channelCount).first }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        steps.reduce(images) { $1.transformed($0, draws) }
    }

    override var arguments: [String: JSONValue] {
        var all = Dictionary(
            uniqueKeysWithValues: factors.map { ($0.key, $0.factor?.json ?? .null) })
        all["value_range"] = valueRange.json
        return all
    }
}
