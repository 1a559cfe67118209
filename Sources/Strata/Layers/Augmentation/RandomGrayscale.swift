internal import StrataGraph

/// Takes the colour out of some images while training.
///
/// ### Source
/// Keras 3.15.1 `RandomGrayscale`.
public final class RandomGrayscale: ImageAugmentation, SerializableLayer {
    override class var savesSeed: Bool { false }
    private let factor: Float

    /// - Parameters:
    ///   - factor: the probability that an image becomes grey, 0 … 1.
    ///   - dataFormat: where the channels stand.
    ///   - seed: fixes what is drawn; otherwise ``setRandomSeed(_:)`` does.
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
