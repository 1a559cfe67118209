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
    private let kernelInitializer: any Initializer
    private let biasInitializer: any Initializer
    private let kernelRegularizer: (any Regularizer)?
    private let biasRegularizer: (any Regularizer)?
    private let kernelConstraint: (any Constraint)?
    private let biasConstraint: (any Constraint)?

    /// - Parameters:
    ///   - units: the width that comes out, 1 or more.
    ///   - activation: applied to the result.
    ///   - useBias: whether a bias is added.
    ///   - kernelInitializer: the first values of the kernel.
    ///   - biasInitializer: the first values of the bias.
    ///   - kernelRegularizer: a penalty on the kernel.
    ///   - biasRegularizer: a penalty on the bias.
    ///   - activityRegularizer: a penalty on the result.
    ///   - kernelConstraint: what the kernel is brought back to after an update.
    ///   - biasConstraint: what the bias is brought back to after an update.
    ///   - name: unique within a model.
    public init(
        _ units: Int, activation: ActivationFunction = .linear, useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros, kernelRegularizer: (any Regularizer)? = nil,
        biasRegularizer: (any Regularizer)? = nil, activityRegularizer: (any Regularizer)? = nil,
        kernelConstraint: (any Constraint)? = nil, biasConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        self.units = units
        self.activation = activation
        self.useBias = useBias
        self.kernelInitializer = kernelInitializer
        self.biasInitializer = biasInitializer
        self.kernelRegularizer = kernelRegularizer
        self.biasRegularizer = biasRegularizer
        self.kernelConstraint = kernelConstraint
        self.biasConstraint = biasConstraint
        super.init(name: name)
        self.activityRegularizer = activityRegularizer
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.int("units"), activation: try configuration.activation("activation"),
            useBias: try configuration.bool("use_bias", default: true),
            kernelInitializer: try configuration.initializer(
                "kernel_initializer", default: .glorotUniform),
            biasInitializer: try configuration.initializer("bias_initializer", default: .zeros),
            kernelRegularizer: try configuration.regularizer("kernel_regularizer"),
            biasRegularizer: try configuration.regularizer("bias_regularizer"),
            kernelConstraint: try configuration.constraint("kernel_constraint"),
            biasConstraint: try configuration.constraint("bias_constraint"),
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
        addWeight(
            "kernel", shape: [width, units], initializer: kernelInitializer,
            regularizer: kernelRegularizer, constraint: kernelConstraint)
        if useBias {
            addWeight(
                "bias", shape: [units], initializer: biasInitializer, regularizer: biasRegularizer,
                constraint: biasConstraint)
        }
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
            "use_bias": .bool(useBias), "kernel_initializer": kernelInitializer.serialized.json,
            "bias_initializer": biasInitializer.serialized.json,
            "kernel_regularizer": kernelRegularizer?.serialized.json ?? .null,
            "bias_regularizer": biasRegularizer?.serialized.json ?? .null,
            "kernel_constraint": kernelConstraint?.serialized.json ?? .null,
            "bias_constraint": biasConstraint?.serialized.json ?? .null,
            "quantization_config": .null,
        ]
        // Unlike a convolution, Keras's Dense leaves this one out where there is none.
        config["activity_regularizer"] = activityRegularizer?.serialized.json
        return config
    }
}
