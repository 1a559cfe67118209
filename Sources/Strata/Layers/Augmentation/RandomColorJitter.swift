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
    ///   - valueRange: of the images; what leaves it is clipped.
    ///   - brightnessFactor: as of ``RandomBrightness``; left as it is if left out, as are the others.
    ///   - contrastFactor: as of ``RandomContrast``.
    ///   - saturationFactor: as of ``RandomSaturation``.
    ///   - hueFactor: as of ``RandomHue``.
    ///   - seed: fixes what is drawn; otherwise ``setRandomSeed(_:)`` does.
    ///   - dataFormat: where the channels stand.
    ///   - name: unique within a model.
    public init(
        valueRange: ClosedRange<Float> = 0...255, brightnessFactor: RandomFactor? = nil,
        contrastFactor: RandomFactor? = nil, saturationFactor: RandomFactor? = nil,
        hueFactor: RandomFactor? = nil, seed: Int? = nil, dataFormat: DataFormat = .channelsLast,
        name: String? = nil
    ) {
        self.valueRange = valueRange
        factors = [
            ("brightness_factor", brightnessFactor), ("contrast_factor", contrastFactor),
            ("saturation_factor", saturationFactor), ("hue_factor", hueFactor),
        ]
        let types: [ColourAugmentation.Type] = [
            RandomBrightness.self, RandomContrast.self, RandomSaturation.self, RandomHue.self,
        ]
        steps = zip(types, factors).compactMap { type, entry in
            entry.factor.map {
                type.init($0, valueRange: valueRange, seed: seed, name: entry.key)
            }
        }
        super.init(seed: seed, dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            valueRange: try configuration.range("value_range", default: 0...255),
            brightnessFactor: try configuration.optionalFactor("brightness_factor"),
            contrastFactor: try configuration.optionalFactor("contrast_factor"),
            saturationFactor: try configuration.optionalFactor("saturation_factor"),
            hueFactor: try configuration.optionalFactor("hue_factor"),
            seed: try configuration.optionalInt("seed"),
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
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
