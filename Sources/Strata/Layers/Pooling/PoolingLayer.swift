/// Base class of the pooling layers with a window.
public class PoolingLayer: Layer, SerializableLayer {
    struct Arguments {
        var poolSize: SpatialSize
        var strides: SpatialSize
        var padding: Padding
        var dataFormat: DataFormat
    }

    class var spatialRank: Int { 2 }
    class var kind: Pooling.Kind { .maximum }
    let arguments: Arguments

    init(_ arguments: Arguments, name: String?, isTrainable: Bool = true) {
        self.arguments = arguments
        super.init(name: name, isTrainable: isTrainable)
    }

    /// Keras's arguments and defaults, except that Keras requires a `poolSize` for averages.
    ///
    /// - Parameters:
    ///   - poolSize: the window.
    ///   - strides: of the window; its size if left out.
    ///   - padding: `.valid` or `.same`.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public convenience init<each PoolSize: IntegerList, each Strides: IntegerList>(
        _ poolSize: (repeat each PoolSize) = (), strides: (repeat each Strides) = (),
        padding: Padding = .valid,
        dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        let poolSize = SpatialSize(joining: repeat each poolSize, or: 2)
        let strides = SpatialSize.joined(repeat each strides)
        self.init(
            Arguments(
                poolSize: poolSize, strides: strides ?? poolSize, padding: padding,
                dataFormat: dataFormat), name: name)
    }

    /// The same with `poolSize` by name, as in Keras.
    public convenience init<each PoolSize: IntegerList, each Strides: IntegerList>(
        poolSize: (repeat each PoolSize), strides: (repeat each Strides) = (),
        padding: Padding = .valid,
        dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        self.init(
            (repeat each poolSize), strides: (repeat each strides), padding: padding,
            dataFormat: dataFormat, name: name)
    }

    public required convenience init(configuration: Configuration) throws(ConfigurationError) {
        let poolSize = try configuration.ints("pool_size", default: [2])
        let arguments = Arguments(
            poolSize: SpatialSize(poolSize),
            strides: SpatialSize(try configuration.ints("strides", default: poolSize)),
            padding: try configuration.padding(), dataFormat: try configuration.dataFormat())
        self.init(
            arguments, name: try configuration.layerName(),
            isTrainable: try configuration.layerIsTrainable())
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        x.pooled(
            Self.kind, rank: Self.spatialRank, arguments.poolSize, strides: arguments.strides,
            padding: arguments.padding, arguments.dataFormat)
    }

    public override var config: [String: JSONValue] {
        let rank = Self.spatialRank
        return [
            "pool_size": arguments.poolSize.json(rank), "strides": arguments.strides.json(rank),
            "padding": .string(arguments.padding.rawValue),
            "data_format": .string(arguments.dataFormat.rawValue),
        ]
    }
}

extension SymbolicTensor {
    /// The maximum or mean of each window over images with `rank` spatial axes.
    func pooled(
        _ kind: Pooling.Kind, rank: Int, _ poolSize: SpatialSize, strides: SpatialSize?,
        padding: Padding, _ dataFormat: DataFormat
    ) -> SymbolicTensor {
        do throws(GraphError.Problem) {
            guard padding == .valid || padding == .same else {
                throw .invalidArgument(
                    "padding .\(padding) is not for pooling", fix: "use .valid or .same")
            }
            let window = Window(
                size: try poolSize.expanded(rank, name: "poolSize"),
                strides: try (strides ?? poolSize).expanded(rank, name: "strides"),
                padding: padding)
            return withChannelsLast(dataFormat) { image in
                image.pooled(Pooling(kind: kind, window: window))
            }
        } catch {
            return SymbolicTensor(failure: GraphError(error))
        }
    }
}
