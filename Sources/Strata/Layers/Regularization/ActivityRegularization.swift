/// Gives what it gets, and adds `l1` · Σ|x| + `l2` · Σx², over the batch's size, to the loss.
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
    public init(l1: Float = 0, l2: Float = 0, name: String? = nil) {
        self.l1 = l1
        self.l2 = l2
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        let penalty = try L1L2(configuration: configuration)
        self.init(l1: penalty.l1, l2: penalty.l2, name: try configuration.layerName())
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        context.regularized(x, .l1l2(l1: l1, l2: l2))
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] { ["l1": .float(l1), "l2": .float(l2)] }
}
