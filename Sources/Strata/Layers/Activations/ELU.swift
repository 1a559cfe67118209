/// ELU: x above 0, `alpha` · (eˣ − 1) below; input and output have one shape.
///
/// Keras 3.15.1 `ELU`; Clevert et al., 2015, arXiv:1511.07289.
public final class ELU: Layer, SerializableLayer {
    public let alpha: Float

    /// - Parameters:
    ///   - alpha: the output approaches −alpha for large negative inputs.
    ///   - name: unique within a model.
    public init(alpha: any RealNumber = 1, name: String? = nil) {
        self.alpha = Float(alpha.asDouble)
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            alpha: try configuration.double("alpha", default: 1),
            name: try configuration.layerName())
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        x.elu(alpha: alpha)
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] { ["alpha": .float(alpha)] }
}
