/// Returns its input, and adds `l1` · Σ|x| + `l2` · Σx², divided by the batch size, to the loss.
///
/// ### Shapes
/// - Input: any; output: the same.
///
/// ### Source
/// Keras 3.15.1 `ActivityRegularization`.
public final class ActivityRegularization: Layer, SerializableLayer {
    /// The factor of the absolute values.
    public let l1: Float
    /// The factor of the squares.
    public let l2: Float

    /// - Parameters:
    ///   - l1: the factor of the absolute values; 0 or more.
    ///   - l2: the factor of the squares; 0 or more.
    ///   - name: unique within a model.
    public init(l1: Double = 0, l2: Double = 0, name: String? = nil) {
        self.l1 = Float(l1)
        self.l2 = Float(l2)
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        let factors = try L1L2(configuration: configuration)
        self.init(
            l1: Double(factors.l1), l2: Double(factors.l2), name: try configuration.layerName())
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        context.regularized(x, L1L2(l1: Double(l1), l2: Double(l2)))
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] { ["l1": .float(l1), "l2": .float(l2)] }
}
