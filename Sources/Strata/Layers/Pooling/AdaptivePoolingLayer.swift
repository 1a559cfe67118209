internal import StrataGraph

/// Base class of the adaptive pooling layers.
public class AdaptivePoolingLayer: Layer, SerializableLayer {
    class var spatialRank: Int { 2 }
    class var kind: Pooling.Kind { .maximum }
    override class var keepsInputShape: Bool { true }
    let outputSize: SpatialSize
    let dataFormat: DataFormat

    init(_ outputSize: SpatialSize, _ dataFormat: DataFormat, name: String?, isTrainable: Bool) {
        self.outputSize = outputSize
        self.dataFormat = dataFormat
        super.init(name: name, isTrainable: isTrainable)
    }

    /// - Parameters:
    ///   - outputSize: the number of parts, one for each spatial axis or one for all.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public convenience init<each OutputSize: IntegerList>(
        _ outputSize: (repeat each OutputSize), dataFormat: DataFormat = .channelsLast,
        name: String? = nil
    ) {
        let outputSize = SpatialSize(joining: repeat each outputSize)
        self.init(outputSize, dataFormat, name: name, isTrainable: true)
    }

    public required convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            SpatialSize(try configuration.ints("output_size")), try configuration.dataFormat(),
            name: try configuration.layerName(),
            isTrainable: try configuration.layerIsTrainable())
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        do throws(GraphError.Problem) {
            let size = try outputSize.expanded(Self.spatialRank, name: "outputSize")
            try x.shape.checkImage(size.count)
            return x.withChannelsLast(dataFormat) { $0.pooledAdaptively(Self.kind, to: size) }
        } catch {
            return SymbolicTensor(failure: GraphError(error))
        }
    }

    public override var config: [String: JSONValue] {
        [
            "output_size": outputSize.json(Self.spatialRank),
            "data_format": .string(dataFormat.rawValue),
        ]
    }
}

/// Consecutive parts of an axis that are the positions of one window.
private struct EvenParts {
    var start: Int
    var size: Int
    var stride: Int
    var count: Int

    var reach: Int { (count - 1) * stride + size }

    /// The parts, from ⌊i · length / count⌋ up to ⌈(i + 1) · length / count⌉, in as few such runs.
    static func divide(_ length: Int, into count: Int) -> [EvenParts] {
        var rows: [EvenParts] = []
        for part in 0..<count {
            let start = part * length / count
            let size = ((part + 1) * length + count - 1) / count - start
            if let last = rows.last, last.size == size,
                last.count == 1 || start == last.start + last.count * last.stride
            {
                if last.count == 1 { rows[rows.count - 1].stride = start - last.start }
                rows[rows.count - 1].count += 1
            } else {
                rows.append(EvenParts(start: start, size: size, stride: size, count: 1))
            }
        }
        // A window that does not move, on an axis shorter than the number of parts, has no stride.
        return rows.flatMap { row in
            row.stride > 0
                ? [row]
                : Array(
                    repeating: EvenParts(start: row.start, size: row.size, stride: 1, count: 1),
                    count: row.count)
        }
    }
}

extension SymbolicTensor {
    /// The maximum or mean of each part of `[batch, spatial…, channels]`, axis by axis.
    fileprivate func pooledAdaptively(_ kind: Pooling.Kind, to size: [Int]) -> SymbolicTensor {
        guard let known = shape.known else {
            return .placeholder(Shape([shape[0]] + size + [shape[-1]]), dtype)
        }
        let parts = size.indices.map { EvenParts.divide(known[$0 + 1], into: size[$0]) }
        if parts.allSatisfy({ $0.count == 1 }) { return pooled(kind, parts.map { $0[0] }) }
        return parts.indices.reduce(self) { image, axis in
            let whole = size.indices.map {
                EvenParts(start: 0, size: 1, stride: 1, count: image.shape[$0 + 1] ?? 1)
            }
            let rows = parts[axis].map { row in
                var all = whole
                all[axis] = row
                return image.pooled(kind, all)
            }
            return rows.count == 1 ? rows[0] : .concatenated(rows, axis: axis + 1)
        }
    }

    private func pooled(_ kind: Pooling.Kind, _ parts: [EvenParts]) -> SymbolicTensor {
        let box = sliced(
            from: [0] + parts.map(\.start) + [0],
            sizes: [shape[0] ?? 1] + parts.map(\.reach) + [shape[-1] ?? 1])
        let window = Window(
            size: parts.map(\.size), strides: parts.map(\.stride), padding: .valid)
        return box.pooled(Pooling(kind: kind, window: window))
    }
}
