/// Softmax over one or several axes.
///
/// A second input is a mask that broadcasts to the first: positions where it is not above ½ become
/// 0.
///
/// ### Shapes
/// - Input: any; output: the same.
///
/// ### Errors
/// Reported when the model is built: axes that the input does not have.
///
/// ### Source
/// Keras 3.15.1 `Softmax`.
public final class Softmax: Layer, SerializableLayer {
    public let axis: Axes

    /// - Parameters:
    ///   - axis: the axes of the sum.
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
        let normalizedAxes = try axis.normalized(in: inputShapes[0])
        guard !normalizedAxes.isEmpty else {
            throw .invalidArgument("axis is empty", fix: "give one axis or several")
        }
    }

    public override func call(_ inputs: [SymbolicTensor], _ context: CallContext)
        -> [SymbolicTensor]
    {
        if inputs.count == 1, let mask = context.mask(of: inputs[0]) {
            let lengths = zip(
                mask.shape.dimensions.reversed(), inputs[0].shape.dimensions.reversed())
            let fits = lengths.allSatisfy { $0 == 1 || $0 == nil || $1 == nil || $0 == $1 }
            guard mask.rank <= inputs[0].rank, fits else {
                return [.unusable(mask: mask, for: inputs[0])]
            }
            return call([inputs[0], mask], context)
        }
        guard inputs.count == 2 else { return super.call(inputs, context) }
        let isKept = inputs[1].cast(to: .float32).greater(than: 0.5)
        // Keras's large negative number for float32 and bfloat16.
        let masked = isKept.select(inputs[0], .constant(-1e9))
        return [isKept.select(call(masked, context), .constant(0))]
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        guard axis.values.count > 1 else { return x.softmax(axis: axis.values.first ?? -1) }
        let top = x.max(axes: axis.values, keepDimensions: true).stoppingGradient()
        let powers = (x - top).exp()
        return powers / powers.sum(axes: axis.values, keepDimensions: true)
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] { ["axis": axis.json] }
}
