/// Concatenates the inputs along an axis.
///
/// ```swift
/// let y = Concatenate()([left, right])  // channels of both
/// ```
///
/// ### Shapes
/// - Inputs: equal except for `axis`; output: the same with the lengths of that axis added up.
///
/// ### Errors
/// Reported when the model is built: shapes that do not fit
/// (``GraphError/Problem/cannotConcatenate(_:axis:)``).
///
/// ### Source
/// Keras 3.15.1 `Concatenate`.
public final class Concatenate: Layer, SerializableLayer {
    /// The axis of concatenation.
    ///
    /// Negative ones count from the end; the batch is axis 0.
    public let axis: Int
    override class var keepsInputShape: Bool { true }
    override class var takesList: Bool { true }

    /// - Parameters:
    ///   - axis: the axis of concatenation.
    ///   - name: unique within a model.
    public init(axis: Int = -1, name: String? = nil) {
        self.axis = axis
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            axis: try configuration.int("axis", default: -1), name: try configuration.layerName())
    }

    public override func call(_ inputs: [SymbolicTensor], _ context: CallContext)
        -> [SymbolicTensor]
    {
        let joined = SymbolicTensor.concatenated(inputs, axis: axis)
        guard joined.error == nil, inputs.contains(where: { $0.shape.known == nil }) else {
            return [joined]
        }
        // Where one input's dimension is known and another's is not, Keras's rule goes by the first.
        var shape = inputs[0].shape
        shape[axis] = joined.shape[axis]
        return [.placeholder(shape, joined.dtype)]
    }

    public override var supportsMasking: Bool { true }

    /// The masks concatenated like the inputs, reduced over features.
    public override func computeMask(_ inputs: [SymbolicTensor], _ masks: [SymbolicTensor?])
        -> SymbolicTensor?
    {
        guard masks.contains(where: { $0 != nil }) else { return nil }
        let spread = zip(inputs, masks).map { input, mask in
            let ones = SymbolicTensor.constant(1).broadcast(to: input.shape)
            guard let mask else { return ones }
            return mask.rank < input.rank ? ones * mask.withLastAxis() : mask
        }
        return SymbolicTensor.concatenated(spread, axis: axis).max(axes: [-1])
    }

    public override var config: [String: JSONValue] { ["axis": .integer(axis)] }
}
