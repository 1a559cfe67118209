internal import StrataGraph

/// Equalizes the histogram of each channel over the batch while training.
///
/// With several processes, the histogram is that of the process's own samples.
///
/// ### Source
/// Keras 3.15.1 `Equalization`.
public final class Equalization: ImageAugmentation, SerializableLayer {
    override class var savesSeed: Bool { false }
    private let valueRange: ClosedRange<Float>
    private let bins: Int

    /// - Parameters:
    ///   - valueRange: the range of pixel values.
    ///   - bins: the number of bins of the histogram, 1 or more.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public init(
        valueRange: ClosedRange<Double> = 0...255, bins: Int = 256,
        dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        self.valueRange = valueRange.inFloat32
        self.bins = bins
        super.init(seed: 0, dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            valueRange: try configuration.range("value_range", default: 0...255),
            bins: try configuration.int("bins", default: 256),
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
    }

    override func check() throws(GraphError.Problem) {
        guard (1...65_536).contains(bins) else {
            throw .invalidArgument("bins is \(bins)", fix: "use a number from 1 to 65536")
        }
    }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        images.mapped(from: valueRange, to: 0...255).equalized(bins: bins)
            .mapped(from: 0...255, to: valueRange)
    }

    override var arguments: [String: JSONValue] {
        ["value_range": valueRange.json, "bins": .integer(bins)]
    }
}
