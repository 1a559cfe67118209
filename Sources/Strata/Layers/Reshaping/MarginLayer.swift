/// Base class of the cropping and padding layers.
public class MarginLayer: Layer, SerializableLayer {
    class var spatialRank: Int { 2 }
    /// Keras's name of the argument.
    class var argument: String { "" }
    /// The default amount.
    class var defaultMargins: SpatialMargins { 1 }
    /// Whether Keras's layer has the argument `data_format`.
    class var hasDataFormat: Bool { true }
    override class var keepsInputShape: Bool { true }

    let margins: SpatialMargins
    let dataFormat: DataFormat

    init(
        _ margins: SpatialMargins, _ dataFormat: DataFormat, name: String?, isTrainable: Bool = true
    ) {
        self.margins = margins
        self.dataFormat = dataFormat
        super.init(name: name, isTrainable: isTrainable)
    }

    public required convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.margins(
                Self.argument, rank: Self.spatialRank, default: Self.defaultMargins),
            Self.hasDataFormat ? try configuration.dataFormat() : .channelsLast,
            name: try configuration.layerName(),
            isTrainable: try configuration.layerIsTrainable())
    }

    /// The result; `before` and `after` have an amount for every axis of `x`.
    func applied(to x: SymbolicTensor, before: [Int], after: [Int]) throws(GraphError.Problem)
        -> SymbolicTensor
    {
        x
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        do throws(GraphError.Problem) {
            let rank = Self.spatialRank
            let margins = try margins.checked(rank, name: Self.argument)
            try x.shape.checkImage(rank)
            let first = dataFormat == .channelsLast ? [0] : [0, 0]
            let last = dataFormat == .channelsLast ? [0] : []
            return try applied(
                to: x, before: first + margins.map(\.before) + last,
                after: first + margins.map(\.after) + last)
        } catch {
            return SymbolicTensor(failure: GraphError(error))
        }
    }

    public override var config: [String: JSONValue] {
        var config = [Self.argument: margins.json(Self.spatialRank)]
        if Self.hasDataFormat { config["data_format"] = .string(dataFormat.rawValue) }
        return config
    }
}

/// Base class of Cropping1D, Cropping2D and Cropping3D.
public class CroppingLayer: MarginLayer {
    override class var argument: String { "cropping" }

    override func applied(to x: SymbolicTensor, before: [Int], after: [Int])
        throws(GraphError.Problem) -> SymbolicTensor
    {
        let left = Shape(
            x.shape.dimensions.indices.map { axis in
                x.shape[axis].map { $0 - before[axis] - after[axis] }
            })
        let axes = left.dimensions.indices.filter { before[$0] + after[$0] > 0 }
        guard axes.allSatisfy({ left[$0] ?? 1 > 0 }) else {
            throw .invalidArgument(
                "cropping \(before) and \(after) leaves nothing of \(x.shape)",
                fix: "cut off less, or use a larger image")
        }
        guard let sizes = left.known else { return .placeholder(left, x.dtype) }
        return x.sliced(from: before, sizes: sizes)
    }
}

/// Base class of ZeroPadding1D, ZeroPadding2D and ZeroPadding3D.
public class ZeroPaddingLayer: MarginLayer {
    override class var argument: String { "padding" }

    override func applied(to x: SymbolicTensor, before: [Int], after: [Int])
        throws(GraphError.Problem) -> SymbolicTensor
    {
        x.padded(before: before, after: after)
    }
}
