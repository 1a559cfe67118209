internal import StrataGraph

/// Blurs images at random while training, with a standard deviation drawn for each batch.
///
/// ### Source
/// Keras 3.15.1 `RandomGaussianBlur`.
public final class RandomGaussianBlur: ImageAugmentation, SerializableLayer {
    private static let bounds: ClosedRange<Float> = 0...1
    private let factor: RandomFactor
    private let kernelSize: SpatialSize
    private let sigma: RandomFactor
    private let valueRange: ClosedRange<Float>

    /// - Parameters:
    ///   - factor: the probability that an image is blurred, 0 … 1; drawn from a range if one is
    ///     given.
    ///   - kernelSize: the width and height of the kernel, odd.
    ///   - sigma: the standard deviation in pixels, 0 … 1.
    ///   - valueRange: the range of pixel values; results are clipped to it.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - name: unique within a model.
    public init<each Factor: NumberList, each KernelSize: IntegerList, each Sigma: NumberList>(
        _ factor: (repeat each Factor) = (), kernelSize: (repeat each KernelSize) = (),
        sigma: (repeat each Sigma) = (),
        valueRange: ClosedRange<Double> = 0...255, dataFormat: DataFormat = .channelsLast,
        seed: Int? = nil, name: String? = nil
    ) {
        let factor = RandomFactor(joining: repeat each factor, or: 1)
        let kernelSize = SpatialSize(joining: repeat each kernelSize, or: 3)
        let sigma = RandomFactor(joining: repeat each sigma, or: 1)
        self.factor = factor
        self.kernelSize = kernelSize
        self.sigma = sigma
        self.valueRange = valueRange.inFloat32
        super.init(seed: seed, dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.factor("factor", default: 1),
            kernelSize: SpatialSize(try configuration.ints("kernel_size", default: [3])),
            sigma: try configuration.factor("sigma", default: 1),
            valueRange: try configuration.range("value_range", default: 0...255),
            dataFormat: try configuration.dataFormat(),
            seed: try configuration.optionalInt("seed"), name: try configuration.layerName())
    }

    override func check() throws(GraphError.Problem) {
        try factor.check("factor", Self.bounds)
        try sigma.check("sigma", Self.bounds)
        let sizes = try kernelSize.expanded(2, name: "kernelSize")
        guard sizes.allSatisfy({ $0 % 2 == 1 }) else {
            throw .invalidArgument(
                "kernelSize is \(sizes)", fix: "use odd numbers, so that there is a middle")
        }
    }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        guard let sizes = try? kernelSize.expanded(2, name: "kernelSize") else { return images }
        let applies = draws.chance(factor.range(in: Self.bounds))
        // Keras's bound, so that a standard deviation of 0 does not divide.
        let deviation = { draws.uniform(self.sigma.range(in: Self.bounds), .perBatch([1])) + 1e-6 }
        let blurred = images.blurred(
            sizes: (sizes[0], sizes[1]), deviations: (deviation(), deviation()))
        return applies.select(blurred, images).clipped(valueRange)
    }

    override var arguments: [String: JSONValue] {
        [
            "factor": factor.range(in: Self.bounds).json, "kernel_size": kernelSize.json(2),
            "sigma": sigma.range(in: Self.bounds).json, "value_range": valueRange.json,
        ]
    }
}
