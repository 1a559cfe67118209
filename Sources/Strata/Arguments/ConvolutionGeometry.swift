/// The geometry of a convolution: the arguments that all convolutions share.
struct ConvolutionGeometry: Sendable {
    var kernelSize: SpatialSize
    var strides: SpatialSize
    var padding: Padding
    var dataFormat: DataFormat
    var dilationRate: SpatialSize

    /// - Throws: if the sizes are not for `rank` axes, or the padding is not one of `paddings`.
    func window(_ rank: Int, paddings: [Padding]) throws(GraphError.Problem) -> Window {
        if padding == .causal, !paddings.contains(.causal) {
            throw .invalidArgument(
                rank == 1
                    ? "padding .causal is not for this layer"
                    : "padding .causal is for one spatial axis, but there are \(rank)",
                fix: "use .same or .valid")
        }
        guard paddings.contains(padding) else {
            throw .invalidArgument(
                "padding .\(padding) is not for this layer", fix: "use .same or .valid")
        }
        return Window(
            size: try kernelSize.expanded(rank, name: "kernelSize"),
            strides: try strides.expanded(rank, name: "strides"),
            dilations: try dilationRate.expanded(rank, name: "dilationRate"), padding: padding)
    }

    /// The channels of an image of a shape in this format, which has `rank` spatial axes.
    func channels(_ shape: Shape, rank: Int) throws(GraphError.Problem) -> Int {
        try shape.checkImage(rank)
        guard let channels = shape.withChannelsLast(dataFormat)[-1] else {
            throw .unknownDimension(shape, needed: "the channels")
        }
        return channels
    }
}

extension Window {
    /// - Throws: if strides and dilations are both above 1, which Keras excludes.
    func checkStridesOrDilations() throws(GraphError.Problem) {
        guard strides.allSatisfy({ $0 == 1 }) || dilations.allSatisfy({ $0 == 1 }) else {
            throw .invalidArgument(
                "strides \(strides) and dilationRate \(dilations) are both above 1",
                fix: "set one of them to 1")
        }
    }
}

extension ConvolutionGeometry {
    /// From the arguments of a layer's initializer; strides and dilations default to 1.
    init<each KernelSize: IntegerList, each Strides: IntegerList, each DilationRate: IntegerList>(
        _ kernelSize: (repeat each KernelSize), strides: (repeat each Strides), _ padding: Padding,
        _ dataFormat: DataFormat, dilationRate: (repeat each DilationRate)
    ) {
        self.init(
            kernelSize: SpatialSize(joining: repeat each kernelSize),
            strides: SpatialSize(joining: repeat each strides, or: 1), padding: padding,
            dataFormat: dataFormat,
            dilationRate: SpatialSize(joining: repeat each dilationRate, or: 1))
    }

    init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            kernelSize: SpatialSize(try configuration.ints("kernel_size")),
            strides: SpatialSize(try configuration.ints("strides", default: [1])),
            padding: try configuration.padding(), dataFormat: try configuration.dataFormat(),
            dilationRate: SpatialSize(try configuration.ints("dilation_rate", default: [1])))
    }

    func config(_ rank: Int) -> [String: JSONValue] {
        [
            "kernel_size": kernelSize.json(rank), "strides": strides.json(rank),
            "padding": .string(padding.rawValue), "data_format": .string(dataFormat.rawValue),
            "dilation_rate": dilationRate.json(rank),
        ]
    }
}
