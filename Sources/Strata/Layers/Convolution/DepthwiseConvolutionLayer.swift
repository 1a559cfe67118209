/// Base class of DepthwiseConv1D and DepthwiseConv2D.
public class DepthwiseConvolutionLayer: Layer, SerializableLayer {
    /// The number of spatial axes.
    class var spatialRank: Int { 2 }

    /// The number of output channels for each input channel.
    public let depthMultiplier: Int
    let geometry: ConvolutionGeometry
    let kernel: WeightSpec
    let result: ConvolutionOutput

    init(
        depthMultiplier: Int, _ geometry: ConvolutionGeometry, kernel: WeightSpec,
        _ result: ConvolutionOutput, name: String?, isTrainable: Bool = true
    ) {
        self.depthMultiplier = depthMultiplier
        self.geometry = geometry
        self.kernel = kernel
        self.result = result
        super.init(name: name, isTrainable: isTrainable)
    }

    /// Keras's arguments and defaults.
    ///
    /// Those that are not explained here are ``ConvolutionLayer``'s.
    ///
    /// - Parameters:
    ///   - kernelSize: one size for each spatial axis, or one for all.
    ///   - strides: of the kernel.
    ///   - padding: `.valid` or `.same`.
    ///   - depthMultiplier: the number of output channels for each input channel.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - dilationRate: the distance between the kernel's elements.
    ///   - depthwiseInitializer: the initial values of the kernel.
    ///   - depthwiseRegularizer: a penalty on the kernel.
    ///   - depthwiseConstraint: projection applied to the kernel after each update.
    public convenience init<
        each KernelSize: IntegerList, each Strides: IntegerList, each DilationRate: IntegerList
    >(
        _ kernelSize: (repeat each KernelSize), strides: (repeat each Strides) = (),
        padding: Padding = .valid,
        depthMultiplier: Int = 1, dataFormat: DataFormat = .channelsLast,
        dilationRate: (repeat each DilationRate) = (), activation: ActivationFunction = .linear,
        useBias: Bool = true, depthwiseInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros, depthwiseRegularizer: (any Regularizer)? = nil,
        biasRegularizer: (any Regularizer)? = nil, activityRegularizer: (any Regularizer)? = nil,
        depthwiseConstraint: (any Constraint)? = nil, biasConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        self.init(
            depthMultiplier: depthMultiplier,
            ConvolutionGeometry(
                (repeat each kernelSize), strides: (repeat each strides), padding, dataFormat,
                dilationRate: (repeat each dilationRate)),
            kernel: WeightSpec(depthwiseInitializer, depthwiseRegularizer, depthwiseConstraint),
            ConvolutionOutput(
                activation: activation, useBias: useBias,
                bias: WeightSpec(biasInitializer, biasRegularizer, biasConstraint),
                activityRegularizer: activityRegularizer),
            name: name)
    }

    /// The same with `kernelSize` by name, as in Keras.
    public convenience init<
        each KernelSize: IntegerList, each Strides: IntegerList, each DilationRate: IntegerList
    >(
        kernelSize: (repeat each KernelSize), strides: (repeat each Strides) = (),
        padding: Padding = .valid,
        depthMultiplier: Int = 1, dataFormat: DataFormat = .channelsLast,
        dilationRate: (repeat each DilationRate) = (), activation: ActivationFunction = .linear,
        useBias: Bool = true, depthwiseInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros, depthwiseRegularizer: (any Regularizer)? = nil,
        biasRegularizer: (any Regularizer)? = nil, activityRegularizer: (any Regularizer)? = nil,
        depthwiseConstraint: (any Constraint)? = nil, biasConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        self.init(
            (repeat each kernelSize), strides: (repeat each strides), padding: padding,
            depthMultiplier: depthMultiplier, dataFormat: dataFormat,
            dilationRate: (repeat each dilationRate), activation: activation, useBias: useBias,
            depthwiseInitializer: depthwiseInitializer, biasInitializer: biasInitializer,
            depthwiseRegularizer: depthwiseRegularizer, biasRegularizer: biasRegularizer,
            activityRegularizer: activityRegularizer, depthwiseConstraint: depthwiseConstraint,
            biasConstraint: biasConstraint, name: name)
    }

    public required convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            depthMultiplier: try configuration.int("depth_multiplier", default: 1),
            try ConvolutionGeometry(configuration: configuration),
            kernel: try WeightSpec(configuration, "depthwise"),
            try ConvolutionOutput(configuration: configuration),
            name: try configuration.layerName(),
            isTrainable: try configuration.layerIsTrainable())
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        let rank = Self.spatialRank
        let shape = try geometry.depthwiseKernel(
            inputShapes[0], rank: rank, depthMultiplier: depthMultiplier)
        addWeight("kernel", shape: shape, kernel)
        result.addBias(shape[rank] * depthMultiplier, to: self)
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        let y = x.withChannelsLast(geometry.dataFormat) { image in
            image.convolvedByChannel(
                with: context.value(of: "kernel", of: self), bias: result.bias(of: self, context),
                geometry)
        }
        return result.finished(y, context)
    }

    public override var config: [String: JSONValue] {
        let own: [String: JSONValue] = ["depth_multiplier": .integer(depthMultiplier)]
        return [geometry.config(Self.spatialRank), kernel.config("depthwise"), result.config]
            .reduce(own) { $0.merging($1) { $1 } }
    }
}

extension ConvolutionGeometry {
    /// The shape `[spatial…, channels, depthMultiplier]` of the kernel for an image.
    ///
    /// - Throws: if such a convolution is not possible.
    func depthwiseKernel(_ shape: Shape, rank: Int, depthMultiplier: Int)
        throws(GraphError.Problem) -> [Int]
    {
        let window = try window(rank, paddings: [.valid, .same])
        let channels = try channels(shape, rank: rank)
        guard depthMultiplier > 0 else {
            throw .invalidArgument("depthMultiplier is \(depthMultiplier)", fix: "use 1 or more")
        }
        if channels.multipliedReportingOverflow(by: depthMultiplier).overflow {
            throw .tooLarge(
                what: "weight kernel", shape: Shape(window.size + [channels, depthMultiplier]),
                byteCount: 4 * Double(channels) * Double(depthMultiplier), available: nil)
        }
        _ = try window.outputSize(shape.withChannelsLast(dataFormat), isPool: false)
        return window.size + [channels, depthMultiplier]
    }
}

extension SymbolicTensor {
    /// A depthwise convolution with a kernel `[spatial…, channels, multiplier]`.
    func convolvedByChannel(
        with kernel: SymbolicTensor, bias: SymbolicTensor?, _ geometry: ConvolutionGeometry
    ) -> SymbolicTensor {
        if let error = error ?? kernel.error { return SymbolicTensor(failure: error) }
        guard let shape = kernel.shape.known, shape.count > 2 else {
            return SymbolicTensor(
                failure: GraphError(.unknownDimension(kernel.shape, needed: "the channels")))
        }
        let rank = shape.count - 2
        do throws(GraphError.Problem) {
            let window = try geometry.window(rank, paddings: [.valid, .same])
            let channels = shape[rank]
            // Each channel is a group; its filters are consecutive.
            let grouped = kernel.reshaped(
                Shape(window.size + [1, channels * shape[rank + 1]]))
            return convolved(
                with: grouped, bias: bias, strides: window.strides, padding: window.padding,
                dilations: window.dilations, groups: channels)
        } catch {
            return SymbolicTensor(failure: GraphError(error))
        }
    }
}
