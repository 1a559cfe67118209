internal import StrataGraph

/// MixUp: blends each image and its labels with another image of the batch while training.
///
/// With several processes, the other image is one of the process's own samples.
///
/// ### Source
/// Keras 3.15.1 `MixUp`; Zhang et al., 2017, arXiv 1710.09412.
public final class MixUp: MixingAugmentation, SerializableLayer {
    private let alpha: Float

    /// - Parameters:
    ///   - alpha: both parameters of the beta distribution of an image's own weight, above 0;
    ///     smaller values mix less.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - name: unique within a model.
    public init(
        alpha: Double = 0.2, dataFormat: DataFormat = .channelsLast, seed: Int? = nil,
        name: String? = nil
    ) {
        self.alpha = Float(alpha)
        super.init(seed: seed, dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            alpha: try configuration.double("alpha", default: 0.2),
            dataFormat: try configuration.dataFormat(),
            seed: try configuration.optionalInt("seed"), name: try configuration.layerName())
    }

    override func check() throws(GraphError.Problem) {
        guard alpha > 0, alpha.isFinite else {
            throw .invalidArgument("alpha is \(alpha)", fix: "use a number above 0")
        }
    }

    override func mixed(
        _ images: SymbolicTensor, with others: SymbolicTensor, _ draws: ImageDraws
    ) -> (images: SymbolicTensor, ownShare: SymbolicTensor) {
        let share = draws.beta(.constant(alpha))
        return (share * images + (1 - share) * others, share)
    }

    override var arguments: [String: JSONValue] { ["alpha": .float(alpha)] }
}
