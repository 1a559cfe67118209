internal import StrataGraph

/// Base class of Conv1DTranspose, Conv2DTranspose and Conv3DTranspose.
public class ConvolutionTransposeLayer: Layer, SerializableLayer {
    /// The number of spatial axes.
    class var spatialRank: Int { 2 }

    /// The number of output channels.
    public let filters: Int
    let outputPadding: SpatialSize?
    let geometry: ConvolutionGeometry
    let kernel: WeightSpec
    let result: ConvolutionOutput

    init(
        _ filters: Int, outputPadding: SpatialSize?, _ geometry: ConvolutionGeometry,
        kernel: WeightSpec, _ result: ConvolutionOutput, name: String?, isTrainable: Bool = true
    ) {
        self.filters = filters
        self.outputPadding = outputPadding
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
    ///   - filters: the number of output channels.
    ///   - kernelSize: one size for each spatial axis, or one for all.
    ///   - strides: the distance of the input's elements in the output; excludes a dilation above
    ///     1.
    ///   - padding: `.valid` or `.same`.
    ///   - outputPadding: elements added at the end of each axis, below its stride; if left out,
    ///     the length is a multiple of the stride.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - dilationRate: the distance between the kernel's elements; excludes strides above 1.
    public convenience init<
        each KernelSize: IntegerList, each Strides: IntegerList, each OutputPadding: IntegerList,
        each DilationRate: IntegerList
    >(
        _ filters: Int, kernelSize: (repeat each KernelSize), strides: (repeat each Strides) = (),
        padding: Padding = .valid, outputPadding: (repeat each OutputPadding) = (),
        dataFormat: DataFormat = .channelsLast, dilationRate: (repeat each DilationRate) = (),
        activation: ActivationFunction = .linear, useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros, kernelRegularizer: (any Regularizer)? = nil,
        biasRegularizer: (any Regularizer)? = nil, activityRegularizer: (any Regularizer)? = nil,
        kernelConstraint: (any Constraint)? = nil, biasConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        let outputPadding = SpatialSize.joined(repeat each outputPadding)
        self.init(
            filters, outputPadding: outputPadding,
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
        each KernelSize: IntegerList, each Strides: IntegerList, each OutputPadding: IntegerList,
        each DilationRate: IntegerList
    >(
        _ filters: Int, _ kernelSize: (repeat each KernelSize), strides: (repeat each Strides) = (),
        padding: Padding = .valid, outputPadding: (repeat each OutputPadding) = (),
        dataFormat: DataFormat = .channelsLast, dilationRate: (repeat each DilationRate) = (),
        activation: ActivationFunction = .linear, useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros, kernelRegularizer: (any Regularizer)? = nil,
        biasRegularizer: (any Regularizer)? = nil, activityRegularizer: (any Regularizer)? = nil,
        kernelConstraint: (any Constraint)? = nil, biasConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        self.init(
            filters, kernelSize: (repeat each kernelSize), strides: (repeat each strides),
            padding: padding, outputPadding: (repeat each outputPadding), dataFormat: dataFormat,
            dilationRate: (repeat each dilationRate), activation: activation, useBias: useBias,
            kernelInitializer: kernelInitializer, biasInitializer: biasInitializer,
            kernelRegularizer: kernelRegularizer, biasRegularizer: biasRegularizer,
            activityRegularizer: activityRegularizer, kernelConstraint: kernelConstraint,
            biasConstraint: biasConstraint, name: name)
    }

    public required convenience init(configuration: Configuration) throws(ConfigurationError) {
        let outputPadding =
            configuration.value("output_padding") == nil
            ? nil : SpatialSize(try configuration.ints("output_padding"))
        self.init(
            try configuration.int("filters"), outputPadding: outputPadding,
            try ConvolutionGeometry(configuration: configuration),
            kernel: try WeightSpec(configuration, "kernel"),
            try ConvolutionOutput(configuration: configuration),
            name: try configuration.layerName(),
            isTrainable: try configuration.layerIsTrainable())
    }

    private func transpose() throws(GraphError.Problem) -> ConvolutionTranspose {
        let rank = Self.spatialRank
        let window = try geometry.window(rank, paddings: [.valid, .same])
        try window.checkStridesOrDilations()
        guard let outputPadding else {
            return ConvolutionTranspose(window: window, outputPadding: nil)
        }
        let extra = try outputPadding.expanded(rank, name: "outputPadding", allowsZero: true)
        guard zip(extra, window.strides).allSatisfy({ $0 < $1 }) else {
            throw .invalidArgument(
                "outputPadding \(extra) is not below the strides \(window.strides)",
                fix: "use larger strides or less outputPadding")
        }
        return ConvolutionTranspose(window: window, outputPadding: extra)
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        let window = try transpose().window
        let channels = try geometry.channels(inputShapes[0], rank: window.rank)
        guard filters > 0 else {
            throw .invalidArgument("filters is \(filters)", fix: "use 1 or more")
        }
        addWeight("kernel", shape: window.size + [filters, channels], kernel)
        result.addBias(filters, to: self)
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        let transpose: ConvolutionTranspose
        do throws(GraphError.Problem) {
            transpose = try self.transpose()
        } catch {
            return SymbolicTensor(failure: GraphError(error))
        }
        let y = x.withChannelsLast(geometry.dataFormat) { image in
            let sums = image.convolvedTransposed(
                with: context.value(of: "kernel", of: self), transpose)
            return result.bias(of: self, context).map { sums + $0 } ?? sums
        }
        return result.finished(y, context)
    }

    public override var config: [String: JSONValue] {
        let rank = Self.spatialRank
        let own: [String: JSONValue] = [
            "filters": .integer(filters), "output_padding": outputPadding?.json(rank) ?? .null,
        ]
        return [geometry.config(rank), kernel.config("kernel"), result.config]
            .reduce(own) { $0.merging($1) { $1 } }
    }
}
