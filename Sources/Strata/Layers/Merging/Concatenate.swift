/// Joins its inputs along an axis.
///
/// ```swift
/// let y = Concatenate()([left, right])  // channels of both
/// ```
///
/// ### Shapes
/// - Inputs: equal but for `axis`; output: the same with that axis's lengths added up.
///
/// ### Errors
/// Reported when the model is built: shapes that do not fit
/// (``GraphError/Problem/cannotConcatenate(_:axis:)``).
///
/// ### Source
/// Keras 3.15.1 `Concatenate`.
public final class Concatenate: Layer, SerializableLayer {
    /// Which axis.
    ///
    /// Negative ones count from the end; the batch is axis 0.
    public let axis: Int

    /// - Parameters:
    ///   - axis: along which to join.
    ///   - name: unique within a model.
    public init(axis: Int = -1, name: String? = nil) {
        self.axis = axis
        super.init(name: name)
    }

    public convenience init(_ configuration: Configuration) throws(ConfigurationError) {
        self.init(
            axis: try configuration.int("axis", default: -1), name: try configuration.layerName())
    }

    public override func call(_ inputs: [SymbolicTensor], _ context: CallContext)
        -> [SymbolicTensor]
    {
        [.concatenated(inputs, axis: axis)]
    }

    public override var config: [String: JSONValue] { ["axis": .integer(axis)] }
}
