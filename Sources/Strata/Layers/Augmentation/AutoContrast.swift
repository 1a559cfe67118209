internal import StrataGraph

/// Stretches the values of each channel and image to the whole value range, at inference too.
///
/// ### Source
/// Keras 3.15.1 `AutoContrast`.
public final class AutoContrast: ImageAugmentation, SerializableLayer {
    override class var savesSeed: Bool { false }
    override class var isAlwaysActive: Bool { true }
    private let valueRange: ClosedRange<Float>

    /// - Parameters:
    ///   - valueRange: the range of pixel values.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public init(
        valueRange: ClosedRange<Double> = 0...255, dataFormat: DataFormat = .channelsLast,
        name: String? = nil
    ) {
        self.valueRange = valueRange.inFloat32
        super.init(seed: 0, dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            valueRange: try configuration.range("value_range", default: 0...255),
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
    }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        let bytes = images.mapped(from: valueRange, to: 0...255)
        let low = bytes.min(axes: [1, 2], keepDimensions: true)
        let high = bytes.max(axes: [1, 2], keepDimensions: true)
        let isPlain = high.equal(to: low)
        let scale = 255 / isPlain.select(.constant(1), high - low)
        let stretched = (bytes * scale - low * scale).clipped(0...255)
        return isPlain.select(images, stretched.mapped(from: 0...255, to: valueRange))
    }

    override var arguments: [String: JSONValue] { ["value_range": valueRange.json] }
}
