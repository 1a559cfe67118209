internal import StrataGraph

/// RandAugment: applies random transformations, out of eleven, to each batch while training.
///
/// With several processes, its ``Equalization`` has the histogram of the process's own samples.
///
/// ### Source
/// Keras 3.15.1 `RandAugment`; Cubuk et al., 2019, arXiv 1909.13719. As there, one choice is
/// made for the whole batch, and all transformations are computed.
public final class RandAugment: ImageAugmentation, SerializableLayer {
    private static let bounds: ClosedRange<Float> = 0...1
    private let valueRange: ClosedRange<Float>
    private let operationCount: Int
    private let factor: RandomFactor
    private let interpolation: Interpolation
    private let choices: AugmentationSet

    /// - Parameters:
    ///   - valueRange: the range of pixel values.
    ///   - operationCount: the number of consecutive transformations, 1 or more.
    ///   - factor: the strength of the transformations, 0 … 1.
    ///   - interpolation: `.nearest` or `.bilinear`.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public init<each Factor: NumberList>(
        valueRange: ClosedRange<Double> = 0...255, operationCount: Int = 2,
        factor: (repeat each Factor) = (), interpolation: Interpolation = .bilinear,
        seed: Int? = nil,
        dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        let factor = RandomFactor(joining: repeat each factor, or: 0.5)
        self.valueRange = valueRange.inFloat32
        self.operationCount = operationCount
        self.factor = factor
        self.interpolation = interpolation
        choices = AugmentationSet(
            factor, valueRange: valueRange, interpolation: interpolation, hasAll: true)
        super.init(seed: seed, dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            valueRange: try configuration.range("value_range", default: 0...255),
            operationCount: try configuration.int("num_ops", default: 2),
            factor: try configuration.factor("factor", default: 0.5),
            interpolation: try configuration.choice("interpolation", default: .bilinear),
            seed: try configuration.optionalInt("seed"),
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
    }

    override func check() throws(GraphError.Problem) {
        try factor.check("factor", Self.bounds)
        // Each one adds eleven transformations to the step's graph.
        guard (1...16).contains(operationCount) else {
            throw .invalidArgument(
                "operationCount is \(operationCount)", fix: "use a number from 1 to 16")
        }
        for layer in choices.layers { try layer.check() }
    }

    override var channelCount: Int? { 3 }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        let count = choices.layers.count
        return (0..<operationCount).reduce(images) { images, _ in
            let chosen = draws.uniform(0...Float(count), .one).floor()
            return choices.layers.enumerated().reduce(images) { result, entry in
                chosen.equal(to: Float(entry.offset))
                    .select(entry.element.transformed(images, draws), result)
            }
        }
    }

    override var arguments: [String: JSONValue] {
        [
            "value_range": valueRange.json, "num_ops": .integer(operationCount),
            "factor": factor.range(in: Self.bounds).json,
            "interpolation": .string(interpolation.rawValue),
        ]
    }
}
