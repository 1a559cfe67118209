internal import StrataGraph

/// CutMix: replaces a box of each image by that of another image while training; mixes labels by
/// area.
///
/// With several processes, the other image is one of the process's own samples.
///
/// ### Source
/// Keras 3.15.1 `CutMix`; Yun et al., 2019, arXiv 1905.04899.
public final class CutMix: MixingAugmentation, SerializableLayer {
    private static let bounds: ClosedRange<Float> = 0...1
    private let factor: RandomFactor

    /// - Parameters:
    ///   - factor: the range of the parameters of the beta distribution of the fraction that stays,
    ///     0 … 1.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public init<each Factor: NumberList>(
        _ factor: (repeat each Factor) = (), seed: Int? = nil,
        dataFormat: DataFormat = .channelsLast,
        name: String? = nil
    ) {
        let factor = RandomFactor(joining: repeat each factor, or: 1)
        self.factor = factor
        super.init(seed: seed, dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.factor("factor", default: 1),
            seed: try configuration.optionalInt("seed"),
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
    }

    override func check() throws(GraphError.Problem) {
        try factor.check("factor", Self.bounds)
    }

    override func mixed(
        _ images: SymbolicTensor, with others: SymbolicTensor, _ draws: ImageDraws
    ) -> (images: SymbolicTensor, ownShare: SymbolicTensor) {
        // Keras's constant, so that the distribution exists for 0.
        let alpha = draws.uniform(factor.range(in: Self.bounds), .one) + 1e-6
        let side = (1 - draws.beta(alpha)).sqrt()
        let box = ImageBox(width: side, height: side, of: images, draws)
        let covered = box.mask.mean(axes: [1, 2, 3], keepDimensions: true)
        return (box.mask.select(others, images), 1 - covered)
    }

    override var arguments: [String: JSONValue] {
        ["factor": factor.range(in: Self.bounds).json]
    }
}
