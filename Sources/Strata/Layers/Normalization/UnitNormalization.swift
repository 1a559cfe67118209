/// Unit normalization: divides each sample by its L2 norm over some axes.
///
/// ### Shapes
/// - Input: any; output: the same.
///
/// ### Source
/// Keras 3.15.1 `UnitNormalization`.
public final class UnitNormalization: Layer, SerializableLayer {
    public let axis: Axes

    /// - Parameters:
    ///   - axis: the axes of the norm.
    ///   - name: unique within a model.
    public init<each Axis: IntegerList>(axis: (repeat each Axis) = (), name: String? = nil) {
        let axis = Axes(joining: repeat each axis, or: -1)
        self.axis = axis
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(axis: try configuration.axes("axis"), name: try configuration.layerName())
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        _ = try axis.normalized(in: inputShapes[0])
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        // Keras's bound for samples of zeros.
        x.normalized(axes: axis.values, epsilon: 1e-12)
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] { ["axis": axis.json] }
}

extension SymbolicTensor {
    /// Each sample divided by its L2 norm over `axes`, or over all; by at least `epsilon`.
    ///
    /// Keras 3.15.1 `ops.normalize` of order 2.
    func normalized(axes: [Int]?, epsilon: Float) -> SymbolicTensor {
        let square = square().sum(axes: axes, keepDimensions: true)
        return self * square.sqrt().reciprocal().minimum(1 / epsilon)
    }
}
