internal import StrataGraph

/// Base class of UpSampling1D, UpSampling2D and UpSampling3D.
public class UpSamplingLayer: Layer, SerializableLayer {
    class var spatialRank: Int { 2 }
    override class var keepsInputShape: Bool { true }

    let size: SpatialSize
    let dataFormat: DataFormat
    let interpolation: Interpolation

    init(
        _ size: SpatialSize, _ dataFormat: DataFormat, _ interpolation: Interpolation,
        name: String?, isTrainable: Bool = true
    ) {
        self.size = size
        self.dataFormat = dataFormat
        self.interpolation = interpolation
        super.init(name: name, isTrainable: isTrainable)
    }

    public required convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            SpatialSize(try configuration.ints("size", default: [2])),
            Self.spatialRank > 1 ? try configuration.dataFormat() : .channelsLast,
            Self.spatialRank == 2
                ? try configuration.choice("interpolation", default: .nearest) : .nearest,
            name: try configuration.layerName(),
            isTrainable: try configuration.layerIsTrainable())
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        do throws(GraphError.Problem) {
            let rank = Self.spatialRank
            let factors = try size.expanded(rank, name: "size")
            try x.shape.checkImage(rank)
            if interpolation == .nearest {
                let axes = dataFormat == .channelsLast ? [1] + factors + [1] : [1, 1] + factors
                return try x.repeated(axes)
            }
            return try x.enlarged(
                factors, axes: dataFormat == .channelsLast ? 1 : 2, interpolation)
        } catch {
            return SymbolicTensor(failure: GraphError(error))
        }
    }

    public override var config: [String: JSONValue] {
        let rank = Self.spatialRank
        if rank == 1 { return ["size": .integer(size.values.first ?? 1)] }
        var config: [String: JSONValue] = [
            "size": size.json(rank), "data_format": .string(dataFormat.rawValue),
        ]
        if rank == 2 { config["interpolation"] = .string(interpolation.rawValue) }
        return config
    }
}

extension Shape {
    /// The shape with each axis `factors` times as long.
    ///
    /// - Throws: if the size overflows.
    fileprivate func enlarged(_ factors: [Int]) throws(GraphError.Problem) -> Shape {
        var result = self
        for (axis, factor) in factors.enumerated() {
            guard let length = self[axis] else { continue }
            let (product, overflow) = length.multipliedReportingOverflow(by: factor)
            guard !overflow else {
                let bytes = zip(dimensions, factors).reduce(4.0) {
                    $0 * Double($1.0 ?? 1) * Double($1.1)
                }
                throw .invalidArgument(
                    "\(self) times \(factors) needs \(bytes.memoryText) of memory",
                    fix: "use smaller factors")
            }
            result[axis] = product
        }
        return result
    }
}

extension SymbolicTensor {
    /// Every element repeated, `counts[i]` times along axis i.
    func repeated(_ counts: [Int]) throws(GraphError.Problem) -> SymbolicTensor {
        let result = try shape.enlarged(counts)
        guard let known = shape.known else { return .placeholder(result, dtype) }
        // Axes without repetition are merged with their neighbours, so that few axes remain.
        var split: [Int] = []
        var spread: [Int] = []
        var run = 1
        for (axis, count) in counts.enumerated() {
            run *= known[axis]
            guard count > 1 else { continue }
            split += [run, 1]
            spread += [run, count]
            run = 1
        }
        return reshaped(Shape(split + [run])).broadcast(to: Shape(spread + [run]))
            .reshaped(result)
    }

    /// Images upsampled along the axes from `axes` on, `factors[i]` times each.
    fileprivate func enlarged(_ factors: [Int], axes: Int, _ interpolation: Interpolation)
        throws(GraphError.Problem) -> SymbolicTensor
    {
        let ones = { (count: Int) in Array(repeating: 1, count: count) }
        let all = ones(axes) + factors + ones(rank - axes - factors.count)
        let result = try shape.enlarged(all)
        guard let sizes = result.known else { return .placeholder(result, dtype) }
        return resized(
            to: Array(sizes[axes..<axes + factors.count]), from: axes, interpolation)
    }
}
