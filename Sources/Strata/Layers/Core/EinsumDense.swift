/// A dense layer in Einstein notation: `activation(einsum(x, kernel) + bias)`.
///
/// ```swift
/// // The same 64 units for every step: Dense, written out.
/// let words = Input(shape: [nil, 32])
/// let y = EinsumDense("abc,cd->abd", outputShape: [nil, 64], biasAxes: "d")(words)  // [?, ?, 64]
/// ```
///
/// ### Shapes
/// - Input: as the equation names its axes.
/// - Output: as the equation names its axes; `outputShape` gives their lengths without the batch's.
/// - Weights, in saved order: kernel, with the lengths that the equation gives it; bias, from the
///   first of the output's axes in `biasAxes` on, with 1 for those that are not in it.
///
/// ### Errors
/// Reported when the model is built: an equation that does not fit the input or `outputShape`, a
/// length that the kernel needs and that is not known.
///
/// ### Source
/// Keras 3.15.1 `EinsumDense`, without its quantization and LoRA arguments.
public final class EinsumDense: Layer, SerializableLayer {
    public let equation: String
    /// The lengths of the output's axes without the batch's; `nil` for those of the input.
    public let outputShape: Shape
    public let activation: ActivationFunction
    /// Those of the output's axes that the bias has.
    public let biasAxes: String?
    let kernel: WeightSpec
    let bias: WeightSpec

    /// - Parameters:
    ///   - equation: the input's axes, the kernel's and the output's, such as `abc,cd->abd`; `...`
    ///     first or last in input and output stands for axes without a name.
    ///   - outputShape: the lengths of the output's axes without the batch's and those of `...`;
    ///     `nil` for those of the input.
    ///   - activation: applied to the output.
    ///   - biasAxes: those of the output's axes that the bias has; no bias if left out.
    ///   - kernelInitializer: the initial values of the kernel.
    ///   - biasInitializer: the initial values of the bias.
    ///   - kernelRegularizer: a penalty on the kernel.
    ///   - biasRegularizer: a penalty on the bias.
    ///   - activityRegularizer: a penalty on the output.
    ///   - kernelConstraint: projection applied to the kernel after each update.
    ///   - biasConstraint: projection applied to the bias after each update.
    ///   - name: unique within a model.
    public convenience init(
        _ equation: String, outputShape: Shape, activation: ActivationFunction = .linear,
        biasAxes: String? = nil, kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros, kernelRegularizer: (any Regularizer)? = nil,
        biasRegularizer: (any Regularizer)? = nil, activityRegularizer: (any Regularizer)? = nil,
        kernelConstraint: (any Constraint)? = nil, biasConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        self.init(
            equation, outputShape: outputShape, activation, biasAxes: biasAxes,
            kernel: WeightSpec(kernelInitializer, kernelRegularizer, kernelConstraint),
            bias: WeightSpec(biasInitializer, biasRegularizer, biasConstraint), name: name)
        self.activityRegularizer = activityRegularizer
    }

    private init(
        _ equation: String, outputShape: Shape, _ activation: ActivationFunction,
        biasAxes: String?, kernel: WeightSpec, bias: WeightSpec, name: String?
    ) {
        self.equation = equation
        self.outputShape = outputShape
        self.activation = activation
        self.biasAxes = biasAxes
        self.kernel = kernel
        self.bias = bias
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        let dimensions =
            if case .array(let items)? = configuration.value("output_shape") {
                items.map(\.integer)
            } else { [Int?.some(try configuration.int("output_shape"))] }
        self.init(
            try configuration.string("equation"), outputShape: Shape(dimensions),
            try configuration.activation("activation"),
            biasAxes: try configuration.optionalString("bias_axes"),
            kernel: try WeightSpec(configuration, "kernel"),
            bias: try WeightSpec(configuration, "bias", default: .zeros),
            name: try configuration.layerName())
        activityRegularizer = try configuration.regularizer("activity_regularizer")
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        let shapes = try EinsumDenseShapes(
            equation, biasAxes: biasAxes, input: inputShapes[0], output: outputShape)
        var rule = kernel
        rule.initializer = kernel.initializer.counting(
            inputs: shapes.inputAxes, outputs: shapes.outputAxes)
        addWeight("kernel", shape: shapes.kernel, rule)
        if let shape = shapes.bias { addWeight("bias", shape: shape, bias) }
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        let y = x.einsum(equation, context.value(of: "kernel", of: self))
        guard biasAxes != nil else { return activation(y) }
        return activation(y + context.value(of: "bias", of: self))
    }

    public override var config: [String: JSONValue] {
        let own: [String: JSONValue] = [
            "equation": .string(equation), "output_shape": outputShape.json,
            "activation": .string(activation.rawValue),
            "bias_axes": biasAxes.map(JSONValue.string) ?? .null,
            "activity_regularizer": activityRegularizer?.serialized.json ?? .null,
            "quantization_config": .null,
        ]
        return own.merging(kernel.config("kernel")) { $1 }.merging(bias.config("bias")) { $1 }
    }
}
