/// Layer normalization: scales each sample to mean 0 and variance 1 over some axes.
///
/// ```swift
/// let y = LayerNormalization(axis: [1, 2, 3])(Input(shape: [28, 28, 3]))
/// ```
///
/// ### Shapes
/// - Input: any, with known lengths of the axes; output: the same.
/// - Weights, in saved order: gamma, beta, each with the lengths of the axes.
///
/// ### Errors
/// Reported when the model is built: axes that the input does not have or of unknown length.
///
/// ### Source
/// Keras 3.15.1 `LayerNormalization`; Ba et al., 2016, arXiv:1607.06450.
public final class LayerNormalization: Layer, SerializableLayer {
    public let axis: Axes
    /// Added to the variance.
    public let epsilon: Float
    public let scaling: ScaleAndOffset
    /// Keras's deprecated `rms_scaling`, from files: no mean and no beta.
    private let isScalingOnly: Bool

    /// - Parameters:
    ///   - axis: the axes that mean and variance are taken over.
    ///   - epsilon: added to the variance.
    ///   - scaling: gamma and beta.
    ///   - name: unique within a model.
    public convenience init<each Axis: IntegerList>(
        axis: (repeat each Axis) = (), epsilon: Double = 0.001, scaling: ScaleAndOffset,
        name: String? = nil
    ) {
        let axis = Axes(joining: repeat each axis, or: -1)
        self.init(axis, epsilon, scaling, isScalingOnly: false, name: name)
    }

    /// - Parameters:
    ///   - axis: the axes that mean and variance are taken over.
    ///   - epsilon: added to the variance.
    ///   - center: whether beta is added.
    ///   - scale: whether the result is multiplied by gamma.
    ///   - name: unique within a model.
    public convenience init<each Axis: IntegerList>(
        axis: (repeat each Axis) = (), epsilon: Double = 0.001, center: Bool = true,
        scale: Bool = true,
        name: String? = nil
    ) {
        let axis = Axes(joining: repeat each axis, or: -1)
        self.init(
            axis: axis, epsilon: epsilon, scaling: ScaleAndOffset(center: center, scale: scale),
            name: name)
    }

    private init(
        _ axis: Axes, _ epsilon: Double, _ scaling: ScaleAndOffset, isScalingOnly: Bool,
        name: String?
    ) {
        self.axis = axis
        self.epsilon = Float(epsilon)
        self.scaling = scaling
        self.isScalingOnly = isScalingOnly
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.axes("axis"), try configuration.double("epsilon", default: 0.001),
            try ScaleAndOffset(configuration: configuration),
            isScalingOnly: try configuration.bool("rms_scaling", default: false),
            name: try configuration.layerName())
    }

    /// The actual gamma and beta under ``isScalingOnly``.
    private var applied: ScaleAndOffset {
        var applied = scaling
        if isScalingOnly { (applied.scale, applied.center) = (true, false) }
        return applied
    }

    override var castsInputs: Bool { false }
    override class var keepsInputShape: Bool { true }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        applied.addWeights(to: self, shape: try axis.sorted.lengths(in: inputShapes[0]))
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        guard let normalizedAxes = try? axis.normalized(in: x.shape) else { return x }
        let x = x.cast(to: .float32)
        let (mean, variance) = x.moments(axes: normalizedAxes)
        return applied.applied(
            to: x, mean: isScalingOnly ? .constant(0) : mean,
            inverse: (variance + epsilon).sqrt().reciprocal(), of: self,
            shape: x.shape.keeping(normalizedAxes), context
        ).cast(to: context.computeDType)
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] {
        scaling.config.merging([
            "axis": builtShapes == nil ? axis.json : axis.sorted.json,
            "epsilon": .float(epsilon), "rms_scaling": .bool(isScalingOnly),
        ]) { $1 }
    }
}
