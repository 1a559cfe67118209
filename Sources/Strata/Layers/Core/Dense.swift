/// A densely connected layer: `activation(x · kernel + bias)` over the last axis.
///
/// ```swift
/// let y = Dense(10, activation: .softmax)(Input(shape: [128]))  // [?, 10]
/// ```
///
/// ### Shapes
/// - Input: `[batch, …, width]`; the width must be known.
/// - Output: `[batch, …, units]`
/// - Weights, in saved order: kernel `[width, units]`, bias `[units]`
///
/// ### Errors
/// Reported when the model is built: an unknown width
/// (``GraphError/Problem/unknownDimension(_:needed:)``), `units` below 1, a width other than the one
/// that the weights were made for (``GraphError/Problem/wrongWidth(got:expected:)``).
///
/// ### Source
/// Keras 3.15.1 `Dense`, without its quantization and LoRA arguments.
public final class Dense: Layer, SerializableLayer {
    public let units: Int
    public let activation: ActivationFunction
    public let useBias: Bool
    private let kernel: WeightSpec
    private let bias: WeightSpec

    private init(
        _ units: Int, _ activation: ActivationFunction, useBias: Bool, kernel: WeightSpec,
        bias: WeightSpec, name: String?
    ) {
        self.units = units
        self.activation = activation
        self.useBias = useBias
        self.kernel = kernel
        self.bias = bias
        super.init(name: name)
    }

    /// - Parameters:
    ///   - units: the width of the output, 1 or more.
    ///   - activation: applied to the output.
    ///   - useBias: whether a bias is added.
    ///   - kernelInitializer: the initial values of the kernel.
    ///   - biasInitializer: the initial values of the bias.
    ///   - kernelRegularizer: a penalty on the kernel.
    ///   - biasRegularizer: a penalty on the bias.
    ///   - activityRegularizer: a penalty on the output.
    ///   - kernelConstraint: projection applied to the kernel after each update.
    ///   - biasConstraint: projection applied to the bias after each update.
    ///   - name: unique within a model.
    public convenience init(
        _ units: Int, activation: ActivationFunction = .linear, useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros, kernelRegularizer: (any Regularizer)? = nil,
        biasRegularizer: (any Regularizer)? = nil, activityRegularizer: (any Regularizer)? = nil,
        kernelConstraint: (any Constraint)? = nil, biasConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        self.init(
            units, activation, useBias: useBias,
            kernel: WeightSpec(kernelInitializer, kernelRegularizer, kernelConstraint),
            bias: WeightSpec(biasInitializer, biasRegularizer, biasConstraint), name: name)
        self.activityRegularizer = activityRegularizer
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.int("units"), try configuration.activation("activation"),
            useBias: try configuration.bool("use_bias", default: true),
            kernel: try WeightSpec(configuration, "kernel"),
            bias: try WeightSpec(configuration, "bias", default: .zeros),
            name: try configuration.layerName())
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        guard inputShapes[0].rank >= 2 else {
            throw .wrongRank(got: inputShapes[0], expected: "[batch, width]")
        }
        guard let width = inputShapes[0][-1] else {
            throw .unknownDimension(inputShapes[0], needed: "the last dimension")
        }
        guard units > 0 else {
            throw .invalidArgument("units is \(units)", fix: "use 1 or more")
        }
        addWeight("kernel", shape: [width, units], kernel)
        if useBias { addWeight("bias", shape: [units], bias) }
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        let y = x.multiplied(
            by: context.value(of: "kernel", of: self),
            bias: useBias ? context.value(of: "bias", of: self) : nil)
        return activation(y)
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] {
        var config: [String: JSONValue] = [
            "units": .integer(units), "activation": .string(activation.rawValue),
            "use_bias": .bool(useBias), "quantization_config": .null,
        ]
        config.merge(kernel.config("kernel")) { $1 }
        config.merge(bias.config("bias")) { $1 }
        // Unlike a convolution, Keras's Dense omits this one if there is none.
        config["activity_regularizer"] = activityRegularizer?.serialized.json
        return config
    }
}
