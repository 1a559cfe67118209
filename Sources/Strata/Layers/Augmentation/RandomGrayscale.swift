internal import StrataGraph

/// Converts images to grayscale at random while training.
///
/// ### Source
/// Keras 3.15.1 `RandomGrayscale`.
public final class RandomGrayscale: ImageAugmentation, SerializableLayer {
    override class var savesSeed: Bool { false }
    private let factor: Float

    /// - Parameters:
    ///   - factor: the probability that an image is converted, 0 … 1.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - name: unique within a model.
    public init(
        _ factor: Double = 0.5, dataFormat: DataFormat = .channelsLast, seed: Int? = nil,
        name: String? = nil
    ) {
        self.factor = Float(factor)
        super.init(seed: seed, dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.double("factor", default: 0.5),
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
    }

    override func check() throws(GraphError.Problem) {
        try RandomFactor(Double(factor)).check("factor", 0...1)
    }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        draws.chance(factor...factor).select(images.grey(), images)
    }

    override var arguments: [String: JSONValue] { ["factor": .float(factor)] }
}
