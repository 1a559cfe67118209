internal import StrataGraph

/// AugMix: mixes images with several augmented versions of themselves while training.
///
/// With several processes, its ``Equalization`` has the histogram of the process's own samples.
///
/// ### Source
/// Keras 3.15.1 `AugMix`; Hendrycks et al., 2019, arXiv 1912.02781. As in a compiled step of Keras,
/// the transformations of a chain are drawn once, when the step is traced; their strength and the
/// mixing weights are drawn in every step.
public final class AugMix: ImageAugmentation, SerializableLayer {
    private static let bounds: ClosedRange<Float> = 0...1
    private let valueRange: ClosedRange<Float>
    private let chainCount: Int
    private let chainDepth: Int
    private let factor: RandomFactor
    private let alpha: Float
    private let hasAll: Bool
    private let interpolation: Interpolation
    private let choices: AugmentationSet

    /// - Parameters:
    ///   - valueRange: the range of pixel values; results are clipped to it.
    ///   - chainCount: the number of chains, 1 or more.
    ///   - chainDepth: the maximum number of transformations in a chain, 1 or more.
    ///   - factor: the strength of the transformations, 0 … 1.
    ///   - alpha: the parameter of the distributions of the mixing weights, above 0.
    ///   - allOperations: whether to include brightness, colour, contrast and sharpness.
    ///   - interpolation: `.nearest` or `.bilinear`.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public init<each Factor: NumberList>(
        valueRange: ClosedRange<Double> = 0...255, chainCount: Int = 3, chainDepth: Int = 3,
        factor: (repeat each Factor) = (), alpha: Double = 1, allOperations: Bool = true,
        interpolation: Interpolation = .bilinear, seed: Int? = nil,
        dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        let factor = RandomFactor(joining: repeat each factor, or: 0.3)
        self.valueRange = valueRange.inFloat32
        self.chainCount = chainCount
        self.chainDepth = chainDepth
        self.factor = factor
        self.alpha = Float(alpha)
        hasAll = allOperations
        self.interpolation = interpolation
        choices = AugmentationSet(
            factor, valueRange: valueRange, interpolation: interpolation, hasAll: allOperations)
        super.init(seed: seed, dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            valueRange: try configuration.range("value_range", default: 0...255),
            chainCount: try configuration.int("num_chains", default: 3),
            chainDepth: try configuration.int("chain_depth", default: 3),
            factor: try configuration.factor("factor", default: 0.3),
            alpha: try configuration.double("alpha", default: 1),
            allOperations: try configuration.bool("all_ops", default: true),
            interpolation: try configuration.choice("interpolation", default: .bilinear),
            seed: try configuration.optionalInt("seed"),
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
    }

    override func check() throws(GraphError.Problem) {
        try factor.check("factor", Self.bounds)
        guard (1...16).contains(chainCount), (1...16).contains(chainDepth), alpha > 0,
            alpha.isFinite
        else {
            throw .invalidArgument(
                "\(chainCount) chains of \(chainDepth) with alpha \(alpha) are requested",
                fix: "use 1 to 16 of each, and an alpha above 0")
        }
        for layer in choices.layers { try layer.check() }
    }

    override var channelCount: Int? { hasAll ? 3 : nil }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        var generator = RandomGenerator(seed: draws.context.randomKey(seed: draws.stream))
        let weights = draws.dirichlet(alpha, count: chainCount)
        var mix = images * 0
        for chain in 0..<chainCount {
            var changed = images
            for _ in 0..<chainDepth {
                // The last choice is none.
                let choice = Int.random(in: 0...choices.layers.count, using: &generator)
                guard choice < choices.layers.count else { continue }
                changed = choices.layers[choice].transformed(changed, draws)
            }
            let weight = weights.sliced(from: [chain], sizes: [1]).reshaped([1, 1, 1, 1])
            mix = mix + changed * weight
        }
        let own = draws.beta(.constant(alpha), .one)
        return (own * images + (1 - own) * mix).clipped(valueRange)
    }

    override var arguments: [String: JSONValue] {
        [
            "value_range": valueRange.json, "num_chains": .integer(chainCount),
            "chain_depth": .integer(chainDepth), "factor": factor.range(in: Self.bounds).json,
            "alpha": .float(alpha), "all_ops": .bool(hasAll),
            "interpolation": .string(interpolation.rawValue),
        ]
    }
}
