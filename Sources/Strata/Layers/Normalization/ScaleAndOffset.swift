/// The scale (gamma) and the offset (beta) of a normalization.
///
/// Keras 3.15.1: the arguments that `LayerNormalization` and `GroupNormalization` share.
public struct ScaleAndOffset: Sendable {
    /// Whether beta is added.
    public var center = true
    /// Whether the result is multiplied by gamma.
    public var scale = true
    public var betaInitializer: any Initializer = .zeros
    public var gammaInitializer: any Initializer = .ones
    public var betaRegularizer: (any Regularizer)?
    public var gammaRegularizer: (any Regularizer)?
    public var betaConstraint: (any Constraint)?
    public var gammaConstraint: (any Constraint)?

    public init(center: Bool = true, scale: Bool = true) {
        self.center = center
        self.scale = scale
    }

    init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        center = try configuration.bool("center", default: center)
        scale = try configuration.bool("scale", default: scale)
        betaInitializer = try configuration.initializer(
            "beta_initializer", default: betaInitializer)
        gammaInitializer = try configuration.initializer(
            "gamma_initializer", default: gammaInitializer)
        betaRegularizer = try configuration.regularizer("beta_regularizer")
        gammaRegularizer = try configuration.regularizer("gamma_regularizer")
        betaConstraint = try configuration.constraint("beta_constraint")
        gammaConstraint = try configuration.constraint("gamma_constraint")
    }

    var config: [String: JSONValue] {
        [
            "center": .bool(center), "scale": .bool(scale),
            "beta_initializer": betaInitializer.serialized.json,
            "gamma_initializer": gammaInitializer.serialized.json,
            "beta_regularizer": betaRegularizer?.serialized.json ?? .null,
            "gamma_regularizer": gammaRegularizer?.serialized.json ?? .null,
            "beta_constraint": betaConstraint?.serialized.json ?? .null,
            "gamma_constraint": gammaConstraint?.serialized.json ?? .null,
        ]
    }

    /// Adds the requested weights to a layer.
    func addWeights(to layer: Layer, shape: [Int]) {
        if scale {
            layer.addWeight(
                "gamma", shape: shape, initializer: gammaInitializer,
                regularizer: gammaRegularizer, constraint: gammaConstraint)
        }
        if center {
            layer.addWeight(
                "beta", shape: shape, initializer: betaInitializer, regularizer: betaRegularizer,
                constraint: betaConstraint)
        }
    }

    /// `(x − mean) · inverse · gamma + beta`, in `float32`; the weights are reshaped to `shape`.
    func applied(
        to x: SymbolicTensor, mean: SymbolicTensor, inverse: SymbolicTensor, of layer: Layer,
        shape: Shape, _ context: CallContext
    ) -> SymbolicTensor {
        var y = (x - mean) * inverse
        if scale { y = y * context.fullValue(of: "gamma", of: layer).reshaped(shape) }
        if center { y = y + context.fullValue(of: "beta", of: layer).reshaped(shape) }
        return y
    }
}

extension SymbolicTensor {
    /// Mean and (biased) variance over axes that stay as axes of 1.
    func moments(axes: [Int]) -> (mean: SymbolicTensor, variance: SymbolicTensor) {
        let mean = mean(axes: axes, keepDimensions: true)
        return (mean, (self - mean).square().mean(axes: axes, keepDimensions: true))
    }
}
