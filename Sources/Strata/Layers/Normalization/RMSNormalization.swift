/// RMS normalization: divides each sample by its root mean square over some axes.
///
/// ### Shapes
/// - Input: any, with known lengths of the axes; output: the same.
/// - Weights: scale, with the lengths of the axes. As in Keras it meets the input's last axes.
///
/// ### Errors
/// Reported when the model is built: axes that the input does not have or of unknown length, or
/// whose lengths are not those of the input's last axes.
///
/// ### Source
/// Keras 3.15.1 `RMSNormalization`; Zhang and Sennrich, 2019, arXiv:1910.07467.
public final class RMSNormalization: Layer, SerializableLayer {
    public let axis: Axes
    /// Added to the mean square.
    public let epsilon: Float

    /// - Parameters:
    ///   - axis: the axes that the mean square is taken over.
    ///   - epsilon: added to the mean square.
    ///   - name: unique within a model.
    public init<each Axis: IntegerList>(
        axis: (repeat each Axis) = (), epsilon: Double = 1e-6, name: String? = nil
    ) {
        let axis = Axes(joining: repeat each axis, or: -1)
        self.axis = axis
        self.epsilon = Float(epsilon)
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            axis: try configuration.axes("axis"),
            epsilon: try configuration.double("epsilon", default: 1e-6),
            name: try configuration.layerName())
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        addWeight("scale", shape: try axis.sorted.lengths(in: inputShapes[0]), initializer: .ones)
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        Ops.rmsNormalization(
            x, scale: context.value(of: "scale", of: self), axis: axis, epsilon: epsilon)
    }

    public override var config: [String: JSONValue] {
        [
            "axis": builtShapes == nil ? axis.json : axis.sorted.json,
            "epsilon": .float(epsilon),
        ]
    }
}
