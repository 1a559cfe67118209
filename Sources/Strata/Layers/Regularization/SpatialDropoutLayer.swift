/// Base class of the spatial dropout layers.
///
/// Tompson et al., 2014, arXiv:1411.4280.
public class SpatialDropoutLayer: RandomLayer, SerializableLayer {
    /// The fraction of dropped channels.
    public let rate: Float
    public let dataFormat: DataFormat

    class var spatialRank: Int { 1 }

    init(rate: any RealNumber, dataFormat: DataFormat, seed: Int?, layerName: String?) {
        self.rate = Float(rate.asDouble)
        self.dataFormat = dataFormat
        super.init(seed: seed, name: layerName)
    }

    public required convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            rate: try configuration.double("rate"), dataFormat: try configuration.dataFormat(),
            seed: try configuration.optionalInt("seed"),
            layerName: try configuration.layerName())
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        try RandomLayer.check("rate", rate)
        guard inputShapes[0].rank == Self.spatialRank + 2 else {
            throw .wrongRank(
                got: inputShapes[0], expected: "an input of \(Self.spatialRank + 2) axes")
        }
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        var mask = Shape(Array(repeating: 1, count: x.rank))
        let channels = dataFormat == .channelsFirst ? 1 : x.rank - 1
        for axis in [0, channels] { mask[axis] = x.shape[axis] }
        return dropped(x, rate: rate, mask: mask, context)
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] {
        var config: [String: JSONValue] = ["rate": .float(rate), "seed": JSONValue(seed)]
        if Self.spatialRank > 1 { config["data_format"] = .string(dataFormat.rawValue) }
        return config
    }

    /// Keras writes the type of the weights here, and takes no argument `trainable`.
    override var commonConfig: [String: JSONValue] { ["dtype": "float32"] }
}
