/// The output stage of a convolution: bias, activation, and a penalty on the output.
struct ConvolutionOutput: Sendable {
    var activation: ActivationFunction
    var useBias: Bool
    var bias: WeightSpec
    var activityRegularizer: (any Regularizer)?
}

extension ConvolutionOutput {
    init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            activation: try configuration.activation("activation"),
            useBias: try configuration.bool("use_bias", default: true),
            bias: try WeightSpec(configuration, "bias", default: .zeros),
            activityRegularizer: try configuration.regularizer("activity_regularizer"))
    }

    var config: [String: JSONValue] {
        let own: [String: JSONValue] = [
            "activation": .string(activation.rawValue), "use_bias": .bool(useBias),
            "activity_regularizer": activityRegularizer?.serialized.json ?? .null,
        ]
        return own.merging(bias.config("bias")) { $1 }
    }

    func addBias(_ filters: Int, to layer: Layer) {
        if useBias { layer.addWeight("bias", shape: [filters], bias) }
    }

    func bias(of layer: Layer, _ context: CallContext) -> SymbolicTensor? {
        useBias ? context.value(of: "bias", of: layer) : nil
    }

    func finished(_ y: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        context.regularized(activation(y), activityRegularizer)
    }
}
