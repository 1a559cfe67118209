internal import StrataGraph

/// Inverts pixels above a threshold, after adding a constant, at random while training.
///
/// ### Source
/// Keras 3.15.1 `Solarization`.
public final class Solarization: ImageAugmentation, SerializableLayer {
    private static let bounds: ClosedRange<Float> = 0...1
    private let additionFactor: RandomFactor
    private let thresholdFactor: RandomFactor
    private let valueRange: ClosedRange<Float>

    /// - Parameters:
    ///   - additionFactor: the fraction of 255 that is added first, 0 … 1.
    ///   - thresholdFactor: the fraction of 255 from which on values are inverted, 0 … 1.
    ///   - valueRange: the range of pixel values.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public init<each AdditionFactor: NumberList, each ThresholdFactor: NumberList>(
        additionFactor: (repeat each AdditionFactor) = (),
        thresholdFactor: (repeat each ThresholdFactor) = (),
        valueRange: ClosedRange<Double> = 0...255, seed: Int? = nil,
        dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        let additionFactor = RandomFactor(joining: repeat each additionFactor, or: 0)
        let thresholdFactor = RandomFactor(joining: repeat each thresholdFactor, or: 0)
        self.additionFactor = additionFactor
        self.thresholdFactor = thresholdFactor
        self.valueRange = valueRange.inFloat32
        super.init(seed: seed, dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            additionFactor: try configuration.factor("addition_factor", default: 0),
            thresholdFactor: try configuration.factor("threshold_factor", default: 0),
            valueRange: try configuration.range("value_range", default: 0...255),
            seed: try configuration.optionalInt("seed"),
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
    }

    override func check() throws(GraphError.Problem) {
        try additionFactor.check("additionFactor", Self.bounds)
        try thresholdFactor.check("thresholdFactor", Self.bounds)
    }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        // As in Keras, the lower bound is a value and only the upper one a fraction of 255.
        func drawn(_ factor: RandomFactor) -> SymbolicTensor {
            let range = factor.range(in: Self.bounds)
            return draws.uniform(range.lowerBound...max(range.upperBound * 255, range.lowerBound))
        }
        let bytes = images.mapped(from: valueRange, to: 0...255)
        let brighter = (bytes + drawn(additionFactor)).clipped(0...255)
        return brighter.less(than: drawn(thresholdFactor)).select(brighter, 255 - brighter)
            .mapped(from: 0...255, to: valueRange)
    }

    override var arguments: [String: JSONValue] {
        [
            "addition_factor": additionFactor.range(in: Self.bounds).json,
            "threshold_factor": thresholdFactor.range(in: Self.bounds).json,
            "value_range": valueRange.json,
        ]
    }
}
