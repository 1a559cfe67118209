/// What Conv1D, Conv2D and Conv3D share: arguments, weights, and the call.
public class ConvolutionLayer: Layer, SerializableLayer {
    /// The arguments of a convolution, by Keras's names in Swift's spelling.
    public struct Arguments: Sendable {
        /// The number of kernels, and of channels that come out.
        public var filters: Int
        public var kernelSize: SpatialSize
        public var strides: SpatialSize = 1
        /// How far the window reaches over the edges; `.causal` for one spatial axis only.
        public var padding = Padding.valid
        public var dataFormat = DataFormat.channelsLast
        /// The distance of the kernel's elements; excludes strides above 1.
        public var dilationRate: SpatialSize = 1
        /// Into how many groups channels and filters are divided.
        public var groups = 1
        public var activation = ActivationFunction.linear
        public var useBias = true
        public var kernelInitializer: any Initializer = .glorotUniform
        public var biasInitializer: any Initializer = .zeros
        public var kernelRegularizer: (any Regularizer)?
        public var biasRegularizer: (any Regularizer)?
        public var activityRegularizer: (any Regularizer)?
        public var kernelConstraint: (any Constraint)?
        public var biasConstraint: (any Constraint)?

        public init(filters: Int, kernelSize: SpatialSize) {
            self.filters = filters
            self.kernelSize = kernelSize
        }
    }

    /// The number of spatial axes.
    class var spatialRank: Int { 2 }
    public let arguments: Arguments

    init(_ arguments: Arguments, name: String?, isTrainable: Bool = true) {
        self.arguments = arguments
        super.init(name: name, isTrainable: isTrainable)
    }

    /// Arguments and defaults are Keras's; ``Arguments`` explains them.
    public convenience init(
        _ filters: Int, kernelSize: SpatialSize, strides: SpatialSize = 1,
        padding: Padding = .valid, dataFormat: DataFormat = .channelsLast,
        dilationRate: SpatialSize = 1, groups: Int = 1,
        activation: ActivationFunction = .linear, useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros, kernelRegularizer: (any Regularizer)? = nil,
        biasRegularizer: (any Regularizer)? = nil, activityRegularizer: (any Regularizer)? = nil,
        kernelConstraint: (any Constraint)? = nil, biasConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        var arguments = Arguments(filters: filters, kernelSize: kernelSize)
        arguments.strides = strides
        arguments.padding = padding
        arguments.dataFormat = dataFormat
        arguments.dilationRate = dilationRate
        arguments.groups = groups
        arguments.activation = activation
        arguments.useBias = useBias
        arguments.kernelInitializer = kernelInitializer
        arguments.biasInitializer = biasInitializer
        arguments.kernelRegularizer = kernelRegularizer
        arguments.biasRegularizer = biasRegularizer
        arguments.activityRegularizer = activityRegularizer
        arguments.kernelConstraint = kernelConstraint
        arguments.biasConstraint = biasConstraint
        self.init(arguments, name: name)
    }

    public required convenience init(_ configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try Arguments(configuration), name: try configuration.layerName(),
            isTrainable: try configuration.layerIsTrainable())
    }

    private func window() throws(GraphError.Problem) -> Window {
        let rank = Self.spatialRank
        let strides = try arguments.strides.expanded(rank, name: "strides")
        let dilations = try arguments.dilationRate.expanded(rank, name: "dilationRate")
        if strides.contains(where: { $0 > 1 }), dilations.contains(where: { $0 > 1 }) {
            throw .invalidArgument(
                "strides \(strides) and dilationRate \(dilations) are both above 1",
                fix: "set one of them to 1")
        }
        if arguments.padding == .causal, rank != 1 {
            throw .invalidArgument(
                "padding .causal is for one spatial axis, but there are \(rank)",
                fix: "use .same or .valid")
        }
        return Window(
            size: try arguments.kernelSize.expanded(rank, name: "kernelSize"), strides: strides,
            dilations: dilations, padding: arguments.padding)
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        let image = inputShapes[0].withChannelsLast(arguments.dataFormat)
        let window = try window()
        let axes = (0..<window.rank).map { _ in "size" }.joined(separator: ", ")
        guard image.rank == window.rank + 2 else {
            throw .wrongRank(got: inputShapes[0], expected: "[batch, \(axes), channels]")
        }
        guard let channels = image[-1] else {
            throw .unknownDimension(inputShapes[0], needed: "the channels")
        }
        guard arguments.filters > 0 else {
            throw .invalidArgument("filters is \(arguments.filters)", fix: "use 1 or more")
        }
        guard arguments.groups > 0, channels % arguments.groups == 0 else {
            throw .notDivisible(
                what: "the input's channels", count: channels, by: "groups",
                divisor: arguments.groups)
        }
        guard arguments.filters % arguments.groups == 0 else {
            throw .notDivisible(
                what: "filters", count: arguments.filters, by: "groups", divisor: arguments.groups)
        }
        // Before the weights are made, so that a failing layer stays without any.
        _ = try window.outputSize(image, isPool: false)
        addWeight(
            "kernel", shape: window.size + [channels / arguments.groups, arguments.filters],
            initializer: arguments.kernelInitializer, regularizer: arguments.kernelRegularizer,
            constraint: arguments.kernelConstraint)
        if arguments.useBias {
            addWeight(
                "bias", shape: [arguments.filters], initializer: arguments.biasInitializer,
                regularizer: arguments.biasRegularizer, constraint: arguments.biasConstraint)
        }
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        let window: Window
        do throws(GraphError.Problem) {
            window = try self.window()
        } catch {
            return SymbolicTensor(failure: GraphError(error))
        }
        let kernel = context.value(of: "kernel", of: self)
        let bias = arguments.useBias ? context.value(of: "bias", of: self) : nil
        let y = x.withChannelsLast(arguments.dataFormat) { image in
            image.convolved(
                with: kernel, bias: bias, strides: window.strides, padding: window.padding,
                dilations: window.dilations, groups: arguments.groups)
        }
        return context.regularized(arguments.activation(y), arguments.activityRegularizer)
    }

    public override var config: [String: JSONValue] {
        let rank = Self.spatialRank
        return [
            "filters": .integer(arguments.filters),
            "kernel_size": arguments.kernelSize.json(rank),
            "strides": arguments.strides.json(rank),
            "padding": .string(arguments.padding.rawValue),
            "data_format": .string(arguments.dataFormat.rawValue),
            "dilation_rate": arguments.dilationRate.json(rank),
            "groups": .integer(arguments.groups),
            "activation": .string(arguments.activation.rawValue),
            "use_bias": .bool(arguments.useBias),
            "kernel_initializer": arguments.kernelInitializer.serialized.json,
            "bias_initializer": arguments.biasInitializer.serialized.json,
            "kernel_regularizer": arguments.kernelRegularizer?.serialized.json ?? .null,
            "bias_regularizer": arguments.biasRegularizer?.serialized.json ?? .null,
            "activity_regularizer": arguments.activityRegularizer?.serialized.json ?? .null,
            "kernel_constraint": arguments.kernelConstraint?.serialized.json ?? .null,
            "bias_constraint": arguments.biasConstraint?.serialized.json ?? .null,
        ]
    }
}

extension ConvolutionLayer.Arguments {
    init(_ configuration: Configuration) throws(ConfigurationError) {
        self.init(
            filters: try configuration.int("filters"),
            kernelSize: SpatialSize(try configuration.ints("kernel_size")))
        strides = SpatialSize(try configuration.ints("strides", default: [1]))
        padding = try configuration.padding()
        dataFormat = try configuration.dataFormat()
        dilationRate = SpatialSize(try configuration.ints("dilation_rate", default: [1]))
        groups = try configuration.int("groups", default: 1)
        activation = try configuration.activation("activation")
        useBias = try configuration.bool("use_bias", default: true)
        kernelInitializer = try configuration.initializer(
            "kernel_initializer", default: .glorotUniform)
        biasInitializer = try configuration.initializer("bias_initializer", default: .zeros)
        kernelRegularizer = try configuration.regularizer("kernel_regularizer")
        biasRegularizer = try configuration.regularizer("bias_regularizer")
        activityRegularizer = try configuration.regularizer("activity_regularizer")
        kernelConstraint = try configuration.constraint("kernel_constraint")
        biasConstraint = try configuration.constraint("bias_constraint")
    }
}

extension CallContext {
    /// Adds a penalty on a layer's output, divided by the batch's size as Keras does.
    func regularized(_ y: SymbolicTensor, _ regularizer: (any Regularizer)?) -> SymbolicTensor {
        if let regularizer, let count = y.shape[0] {
            addPenalty(regularizer.penalty(y) / Float(max(count, 1)))
        }
        return y
    }
}
