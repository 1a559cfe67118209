/// Base class of Conv1D, Conv2D and Conv3D: arguments, weights and call.
public class ConvolutionLayer: Layer, SerializableLayer {
    /// The number of spatial axes.
    class var spatialRank: Int { 2 }

    /// The number of kernels and of output channels.
    public let filters: Int
    /// The number of groups of channels and filters.
    public let groups: Int
    let geometry: ConvolutionGeometry
    let kernel: WeightSpec
    let result: ConvolutionOutput

    init(
        _ filters: Int, groups: Int, _ geometry: ConvolutionGeometry, kernel: WeightSpec,
        _ result: ConvolutionOutput, name: String?, isTrainable: Bool = true
    ) {
        self.filters = filters
        self.groups = groups
        self.geometry = geometry
        self.kernel = kernel
        self.result = result
        super.init(name: name, isTrainable: isTrainable)
    }

    /// Keras's arguments and defaults.
    ///
    /// - Parameters:
    ///   - filters: the number of kernels and of output channels.
    ///   - kernelSize: one size for each spatial axis, or one for all.
    ///   - strides: of the kernel; excludes a dilation above 1.
    ///   - padding: `.valid`, `.same` or `.full`; `.causal` for one spatial axis only.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - dilationRate: the distance between the kernel's elements; excludes strides above 1.
    ///   - groups: the number of groups of channels and filters.
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
    public convenience init<
        each KernelSize: IntegerList, each Strides: IntegerList, each DilationRate: IntegerList
    >(
        _ filters: Int, kernelSize: (repeat each KernelSize), strides: (repeat each Strides) = (),
        padding: Padding = .valid, dataFormat: DataFormat = .channelsLast,
        dilationRate: (repeat each DilationRate) = (), groups: Int = 1,
        activation: ActivationFunction = .linear, useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros, kernelRegularizer: (any Regularizer)? = nil,
        biasRegularizer: (any Regularizer)? = nil, activityRegularizer: (any Regularizer)? = nil,
        kernelConstraint: (any Constraint)? = nil, biasConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        self.init(
            filters, groups: groups,
            ConvolutionGeometry(
                (repeat each kernelSize), strides: (repeat each strides), padding, dataFormat,
                dilationRate: (repeat each dilationRate)),
            kernel: WeightSpec(kernelInitializer, kernelRegularizer, kernelConstraint),
            ConvolutionOutput(
                activation: activation, useBias: useBias,
                bias: WeightSpec(biasInitializer, biasRegularizer, biasConstraint),
                activityRegularizer: activityRegularizer),
            name: name)
    }

    /// The same with `kernelSize` by position, as in Keras.
    public convenience init<
        each KernelSize: IntegerList, each Strides: IntegerList, each DilationRate: IntegerList
    >(
        _ filters: Int, _ kernelSize: (repeat each KernelSize), strides: (repeat each Strides) = (),
        padding: Padding = .valid, dataFormat: DataFormat = .channelsLast,
        dilationRate: (repeat each DilationRate) = (), groups: Int = 1,
        activation: ActivationFunction = .linear, useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros, kernelRegularizer: (any Regularizer)? = nil,
        biasRegularizer: (any Regularizer)? = nil, activityRegularizer: (any Regularizer)? = nil,
        kernelConstraint: (any Constraint)? = nil, biasConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        self.init(
            filters, kernelSize: (repeat each kernelSize), strides: (repeat each strides),
            padding: padding, dataFormat: dataFormat, dilationRate: (repeat each dilationRate),
            groups: groups, activation: activation, useBias: useBias,
            kernelInitializer: kernelInitializer, biasInitializer: biasInitializer,
            kernelRegularizer: kernelRegularizer, biasRegularizer: biasRegularizer,
            activityRegularizer: activityRegularizer, kernelConstraint: kernelConstraint,
            biasConstraint: biasConstraint, name: name)
    }

    public required convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.int("filters"), groups: try configuration.int("groups", default: 1),
            try ConvolutionGeometry(configuration: configuration),
            kernel: try WeightSpec(configuration, "kernel"),
            try ConvolutionOutput(configuration: configuration),
            name: try configuration.layerName(),
            isTrainable: try configuration.layerIsTrainable())
    }

    private func window() throws(GraphError.Problem) -> Window {
        let rank = Self.spatialRank
        let window = try geometry.window(
            rank, paddings: rank == 1 ? [.valid, .same, .full, .causal] : [.valid, .same, .full])
        try window.checkStridesOrDilations()
        return window
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        let window = try window()
        let channels = try geometry.channels(inputShapes[0], rank: window.rank)
        guard filters > 0 else {
            throw .invalidArgument("filters is \(filters)", fix: "use 1 or more")
        }
        guard groups > 0, channels % groups == 0 else {
            throw .notDivisible(
                what: "the input's channels", count: channels, by: "groups", divisor: groups)
        }
        guard filters % groups == 0 else {
            throw .notDivisible(what: "filters", count: filters, by: "groups", divisor: groups)
        }
        // Before the weights are made, so that a failing layer has none.
        let image = inputShapes[0].withChannelsLast(geometry.dataFormat)
        _ = try window.outputSize(image, isPool: false)
        addWeight("kernel", shape: window.size + [channels / groups, filters], kernel)
        result.addBias(filters, to: self)
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        let window: Window
        do throws(GraphError.Problem) {
            window = try self.window()
        } catch {
            return SymbolicTensor(failure: GraphError(error))
        }
        let y = x.withChannelsLast(geometry.dataFormat) { image in
            image.convolved(
                with: context.value(of: "kernel", of: self), bias: result.bias(of: self, context),
                strides: window.strides, padding: window.padding, dilations: window.dilations,
                groups: groups)
        }
        return result.finished(y, context)
    }

    public override var config: [String: JSONValue] {
        let own: [String: JSONValue] = ["filters": .integer(filters), "groups": .integer(groups)]
        return [geometry.config(Self.spatialRank), kernel.config("kernel"), result.config]
            .reduce(own) { $0.merging($1) { $1 } }
    }
}

extension CallContext {
    /// Adds a penalty on a layer's output, divided by the batch size as in Keras.
    func regularized(_ y: SymbolicTensor, _ regularizer: (any Regularizer)?) -> SymbolicTensor {
        if let regularizer, let count = y.shape[0] {
            addPenalty(regularizer.penalty(y) / Float(max(count, 1)))
        }
        return y
    }
}

extension Layer {
    /// Whether this is a convolution that becomes two layers in Keras, which has no such padding.
    var isFullConvolution: Bool { (self as? ConvolutionLayer)?.geometry.padding == .full }
}
