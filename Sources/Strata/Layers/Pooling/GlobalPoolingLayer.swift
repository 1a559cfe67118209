/// Base class of the global pooling layers.
public class GlobalPoolingLayer: Layer, SerializableLayer {
    class var spatialRank: Int { 2 }
    class var kind: Pooling.Kind { .maximum }
    let dataFormat: DataFormat
    let keepDimensions: Bool

    init(_ dataFormat: DataFormat, keepDimensions: Bool, name: String?, isTrainable: Bool) {
        self.dataFormat = dataFormat
        self.keepDimensions = keepDimensions
        super.init(name: name, isTrainable: isTrainable)
    }

    /// - Parameters:
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - keepDimensions: whether the spatial axes stay, with length 1.
    ///   - name: unique within a model.
    public convenience init(
        dataFormat: DataFormat = .channelsLast, keepDimensions: Bool = false, name: String? = nil
    ) {
        self.init(dataFormat, keepDimensions: keepDimensions, name: name, isTrainable: true)
    }

    public required convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.dataFormat(),
            keepDimensions: try configuration.bool("keepdims", default: false),
            name: try configuration.layerName(),
            isTrainable: try configuration.layerIsTrainable())
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        let rank = Self.spatialRank
        guard x.rank == rank + 2 else {
            let axes = (0..<rank).map { _ in "size" }.joined(separator: ", ")
            return SymbolicTensor(
                failure: GraphError(
                    .wrongRank(got: x.shape, expected: "[batch, \(axes), channels]")))
        }
        let pooled = x.withChannelsLast(dataFormat) { image in
            image.pooled(Pooling(kind: Self.kind, window: nil))
        }
        if keepDimensions { return pooled }
        return pooled.reshaped([
            x.shape[0] ?? -1, dataFormat == .channelsLast ? x.shape[-1] : x.shape[1],
        ])
    }

    public override var config: [String: JSONValue] {
        ["data_format": .string(dataFormat.rawValue), "keepdims": .bool(keepDimensions)]
    }
}
