/// Flattens each sample to a vector.
///
/// ```swift
/// let y = Flatten()(Input(shape: [4, 4, 8]))  // [?, 128]
/// ```
///
/// Before a ``Dense`` it costs nothing: the product reads the image in place.
///
/// ### Shapes
/// - Input: `[batch, …]`; output: `[batch, product of the rest]`.
///
/// ### Source
/// Keras 3.15.1 `Flatten`. With channels first, the elements come in the order of channels last.
public final class Flatten: Layer, SerializableLayer {
    public let dataFormat: DataFormat

    override class var keepsInputShape: Bool { true }

    /// - Parameters:
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public init(dataFormat: DataFormat = .channelsLast, name: String? = nil) {
        self.dataFormat = dataFormat
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        var image = x
        if dataFormat == .channelsFirst, x.rank > 2 {
            image = x.transposed([0] + Array(2..<x.rank) + [1])
        }
        let row = Shape(Array(x.shape.dimensions.dropFirst())).elementCount
        guard x.rank > 0 else {
            return SymbolicTensor(
                failure: GraphError(.wrongRank(got: x.shape, expected: "[batch, …]")))
        }
        return image.reshaped([x.shape[0] ?? -1, row])
    }

    public override var config: [String: JSONValue] {
        ["data_format": .string(dataFormat.rawValue)]
    }
}
