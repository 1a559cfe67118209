/// Multiplies by a scale and adds an offset: `x · scale + offset`.
///
/// `Rescaling(1 / 255.0)` at the head of a model takes pixels of 0 … 255 as they come from a file.
///
/// ### Shapes
/// - Input: any; output: the same, or what it becomes by broadcasting over a list along the last axis.
///
/// ### Source
/// Keras 3.15.1 `Rescaling`.
public final class Rescaling: Layer, SerializableLayer {
    /// One number, or one for each channel.
    public let scale: [Float]
    /// One number, or one for each channel.
    public let offset: [Float]
    override class var keepsInputShape: Bool { true }

    /// - Parameters:
    ///   - scale: what to multiply by.
    ///   - offset: what to add afterwards.
    ///   - name: unique within a model.
    public convenience init(_ scale: Double, offset: Double = 0, name: String? = nil) {
        self.init([scale], offset: [offset], name: name)
    }

    /// - Parameters:
    ///   - scale: what to multiply by, one number for each channel.
    ///   - offset: what to add afterwards, one number or one for each channel.
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
