/// Base class of SeparableConv1D and SeparableConv2D.
public class SeparableConvolutionLayer: Layer, SerializableLayer {
    /// The number of spatial axes.
    class var spatialRank: Int { 2 }

    /// The number of output channels.
    public let filters: Int
    /// The number of channels of the depthwise step for each input channel.
    public let depthMultiplier: Int
    let geometry: ConvolutionGeometry
    let depthwise: WeightSpec
    let pointwise: WeightSpec
    let result: ConvolutionOutput

    init(
        _ filters: Int, depthMultiplier: Int, _ geometry: ConvolutionGeometry,
        depthwise: WeightSpec, pointwise: WeightSpec, _ result: ConvolutionOutput, name: String?,
        isTrainable: Bool = true
    ) {
        self.filters = filters
        self.depthMultiplier = depthMultiplier
        self.geometry = geometry
        self.depthwise = depthwise
        self.pointwise = pointwise
        self.result = result
        super.init(name: name, isTrainable: isTrainable)
    }

    /// Keras's arguments and defaults.
    ///
    /// Those that are not explained here are ``ConvolutionLayer``'s.
    ///
    /// - Parameters:
    ///   - filters: the number of output channels.
    ///   - kernelSize: one size for each spatial axis, or one for all.
    ///   - strides: of the kernel.
    ///   - padding: `.valid` or `.same`.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - dilationRate: the distance between the kernel's elements.
    ///   - depthMultiplier: the number of channels of the depthwise step for each input channel.
    ///   - depthwiseInitializer: the initial values of the depthwise kernel.
    ///   - pointwiseInitializer: the initial values of the pointwise kernel.
    ///   - depthwiseRegularizer: a penalty on the depthwise kernel.
    ///   - pointwiseRegularizer: a penalty on the pointwise kernel.
    ///   - depthwiseConstraint: projection applied to the depthwise kernel after each update.
    ///   - pointwiseConstraint: projection applied to the pointwise kernel after each update.
    public convenience init<
        each KernelSize: IntegerList, each Strides: IntegerList, each DilationRate: IntegerList
    >(
        _ filters: Int, kernelSize: (repeat each KernelSize), strides: (repeat each Strides) = (),
        padding: Padding = .valid, dataFormat: DataFormat = .channelsLast,
        dilationRate: (repeat each DilationRate) = (), depthMultiplier: Int = 1,
        activation: ActivationFunction = .linear, useBias: Bool = true,
        depthwiseInitializer: any Initializer = .glorotUniform,
        pointwiseInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros, depthwiseRegularizer: (any Regularizer)? = nil,
        pointwiseRegularizer: (any Regularizer)? = nil, biasRegularizer: (any Regularizer)? = nil,
        activityRegularizer: (any Regularizer)? = nil, depthwiseConstraint: (any Constraint)? = nil,
        pointwiseConstraint: (any Constraint)? = nil, biasConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        self.init(
            filters, depthMultiplier: depthMultiplier,
            ConvolutionGeometry(
                (repeat each kernelSize), strides: (repeat each strides), padding, dataFormat,
                dilationRate: (repeat each dilationRate)),
            depthwise: WeightSpec(depthwiseInitializer, depthwiseRegularizer, depthwiseConstraint),
            pointwise: WeightSpec(pointwiseInitializer, pointwiseRegularizer, pointwiseConstraint),
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
        dilationRate: (repeat each DilationRate) = (), depthMultiplier: Int = 1,
        activation: ActivationFunction = .linear, useBias: Bool = true,
        depthwiseInitializer: any Initializer = .glorotUniform,
        pointwiseInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros, depthwiseRegularizer: (any Regularizer)? = nil,
        pointwiseRegularizer: (any Regularizer)? = nil, biasRegularizer: (any Regularizer)? = nil,
        activityRegularizer: (any Regularizer)? = nil, depthwiseConstraint: (any Constraint)? = nil,
        pointwiseConstraint: (any Constraint)? = nil, biasConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        self.init(
            filters, kernelSize: (repeat each kernelSize), strides: (repeat each strides),
            padding: padding, dataFormat: dataFormat, dilationRate: (repeat each dilationRate),
            depthMultiplier: depthMultiplier, activation: activation, useBias: useBias,
            depthwiseInitializer: depthwiseInitializer, pointwiseInitializer: pointwiseInitializer,
            biasInitializer: biasInitializer, depthwiseRegularizer: depthwiseRegularizer,
            pointwiseRegularizer: pointwiseRegularizer, biasRegularizer: biasRegularizer,
            activityRegularizer: activityRegularizer, depthwiseConstraint: depthwiseConstraint,
            pointwiseConstraint: pointwiseConstraint, biasConstraint: biasConstraint, name: name)
    }

    public required convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.int("filters"),
            depthMultiplier: try configuration.int("depth_multiplier", default: 1),
            try ConvolutionGeometry(configuration: configuration),
            depthwise: try WeightSpec(configuration, "depthwise"),
            pointwise: try WeightSpec(configuration, "pointwise"),
            try ConvolutionOutput(configuration: configuration),
            name: try configuration.layerName(),
            isTrainable: try configuration.layerIsTrainable())
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        let rank = Self.spatialRank
        let shape = try geometry.depthwiseKernel(
            inputShapes[0], rank: rank, depthMultiplier: depthMultiplier)
        guard filters > 0 else {
            throw .invalidArgument("filters is \(filters)", fix: "use 1 or more")
        }
        addWeight("depthwise_kernel", shape: shape, depthwise)
        addWeight(
            "pointwise_kernel",
            shape: (0..<rank).map { _ in 1 } + [shape[rank] * depthMultiplier, filters], pointwise)
        result.addBias(filters, to: self)
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        let y = x.withChannelsLast(geometry.dataFormat) { image in
            image.convolvedByChannel(
                with: context.value(of: "depthwise_kernel", of: self), bias: nil, geometry
            ).convolved(
                with: context.value(of: "pointwise_kernel", of: self),
                bias: result.bias(of: self, context))
        }
        return result.finished(y, context)
    }

    public override var config: [String: JSONValue] {
        let own: [String: JSONValue] = [
            "filters": .integer(filters), "depth_multiplier": .integer(depthMultiplier),
        ]
        let parts = [
            geometry.config(Self.spatialRank), depthwise.config("depthwise"),
            pointwise.config("pointwise"), result.config,
        ]
        return parts.reduce(own) { $0.merging($1) { $1 } }
    }
}
