/// Multiplies by a scale and adds an offset: `x · scale + offset`.
///
/// `Rescaling(1 / 255.0)` as a model's first layer accepts pixels of 0 … 255 from files.
///
/// ### Shapes
/// - Input: any; output: the same, or broadcast with a list along the last axis.
///
/// ### Source
/// Keras 3.15.1 `Rescaling`.
public final class Rescaling: Layer, SerializableLayer {
    /// One value, or one for each channel.
    public let scale: [Float]
    /// One value, or one for each channel.
    public let offset: [Float]
    override class var keepsInputShape: Bool { true }

    /// - Parameters:
    ///   - scale: the factor.
    ///   - offset: the addend.
    ///   - name: unique within a model.
    public convenience init(_ scale: Double, offset: Double = 0, name: String? = nil) {
        self.init([scale], offset: [offset], name: name)
    }

    /// - Parameters:
    ///   - scale: the factor, one for each channel.
    ///   - offset: the addend, one or one for each channel.
    ///   - name: unique within a model.
    public init(_ scale: [Double], offset: [Double] = [0], name: String? = nil) {
        self.scale = scale.map { Float($0) }
        self.offset = offset.map { Float($0) }
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.doubles("scale"),
            offset: try configuration.doubles("offset", default: [0]),
            name: try configuration.layerName())
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        x.cast(to: dtypePolicy.computeDType) * Self.operand(scale) + Self.operand(offset)
    }

    private static func operand(_ values: [Float]) -> SymbolicTensor {
        .constant(values.count == 1 ? Tensor(values[0]) : Tensor(values))
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] {
        ["scale": Self.json(scale), "offset": Self.json(offset)]
    }

    private static func json(_ values: [Float]) -> JSONValue {
        values.count == 1 ? .float(values[0]) : .array(values.map(JSONValue.float))
    }
}
