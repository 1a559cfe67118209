internal import StrataGraph

// Operators of ONNX over images take [batch, channels, spatial…].

extension ONNXTranslation {
    /// Where our axes lie for ONNX.
    private func channelsSecond(_ rank: Int) -> [Int] {
        rank <= 2 ? Array(0..<rank) : [0] + Array(2..<rank) + [1]
    }

    /// Our kernel [spatial…, channels, filters] as ONNX's [filters, channels, spatial…].
    private mutating func kernelName(_ kernel: ONNXValue) throws -> String {
        let rank = kernel.rank
        return try writer.name(of: kernel, order: Array(2..<rank) + [1, 0])
    }

    private typealias Attributes = [(name: String, value: ONNXFile.Attribute)]

    /// Size, steps and margins of a window over an image.
    ///
    /// - Parameter image: the lengths of the image's axes in a graph.
    private func attributes(_ window: Window, over image: (Graph) -> [Int]) throws -> Attributes {
        try checkSize()
        var attributes: Attributes = [
            ("kernel_shape", .integers(window.size)), ("strides", .integers(window.strides)),
        ]
        // Margins of steps above 1 depend on the length, also where they do not for the lengths of the traces.
        let isRule = window.padding == .same && window.fixedMargins == nil
        if isRule, !trace.isSame(image), window.strides.contains(where: { $0 > 1 }) {
            attributes.append(("auto_pad", .text("SAME_UPPER")))
        } else {
            let margins = try trace.value(of: number) { graph in
                let all = (0..<window.rank).map { window.margins($0, length: image(graph)[$0 + 1]) }
                return all.map(\.low) + all.map(\.high)
            }
            attributes.append(("pads", .integers(margins)))
        }
        if window.dilations.contains(where: { $0 != 1 }) {
            attributes.append(("dilations", .integers(window.dilations)))
        }
        return attributes
    }

    /// The lengths of the node's first input in a graph.
    private var inputShape: (Graph) -> [Int] {
        let source = trace.graph.nodes[number].inputs[0]
        return { $0.shape(source) }
    }

    mutating func convolved(_ inputs: [ONNXValue], _ convolution: Convolution) throws -> ONNXValue {
        let order = channelsSecond(inputs[0].rank)
        var names = [try writer.name(of: inputs[0], order: order), try kernelName(inputs[1])]
        if inputs.count > 2 { names.append(try writer.name(of: inputs[2])) }
        let attributes = try attributes(convolution.window, over: inputShape)
        let name = writer.emit(
            "Conv", names, attributes + [("group", .integer(convolution.groups))])
        return try result(name, order: order)
    }

    mutating func convolvedTransposed(_ inputs: [ONNXValue], _ convolution: Convolution) throws
        -> ONNXValue
    {
        let window = convolution.window
        let order = channelsSecond(inputs[0].rank)
        let (number, inputShape) = (number, inputShape)
        let outputShape = { (graph: Graph) in graph.shape(Graph.Value(node: number, output: 0)) }
        let margins = try trace.value(of: number) { graph in
            let all = (0..<window.rank).map {
                window.margins($0, length: outputShape(graph)[$0 + 1])
            }
            return all.map(\.low) + all.map(\.high)
        }
        var attributes: Attributes = [
            ("kernel_shape", .integers(window.size)), ("strides", .integers(window.strides)),
            ("pads", .integers(margins)), ("dilations", .integers(window.dilations)),
        ]
        // What the last window leaves over at the end.
        let rest = try trace.value(of: number) { graph in
            (0..<window.rank).map { axis in
                outputShape(graph)[axis + 1] + margins[axis] + margins[axis + window.rank]
                    - window.reach(axis)
                    - (inputShape(graph)[axis + 1] - 1) * window.strides[axis]
            }
        }
        let isSmall = zip(rest, window.strides).allSatisfy { $0 >= 0 && $0 < $1 }
        if isSmall, rest.contains(where: { $0 != 0 }) {
            attributes.append(("output_padding", .integers(rest)))
        }
        attributes.append(("group", .integer(convolution.groups)))
        let names = [try writer.name(of: inputs[0], order: order), try kernelName(inputs[1])]
        var name = writer.emit("ConvTranspose", names, attributes)
        if !isSmall {
            // ONNX takes less than a stride; places that no window reaches are zeros.
            let ends = [0, 0] + Array(repeating: 0, count: window.rank) + [0, 0] + rest
            name = writer.emit("Pad", [name, writer.list(ends)])
        }
        return try result(name, order: order)
    }

    mutating func pooled(_ x: ONNXValue, _ pooling: StrataGraph.Pooling) throws -> ONNXValue {
        guard let window = pooling.window else {
            let kind: Reduction.Kind =
                switch pooling.kind {
                case .maximum: .maximum
                case .average: .mean
                }
            return try reduced(
                x, kind, axes: Array(1..<x.rank - 1), keepsDimensions: true)
        }
        let order = channelsSecond(x.rank)
        let name = try writer.name(of: x, order: order)
        let attributes = try attributes(window, over: inputShape)
        switch pooling.kind {
        case .maximum:
            return try result(writer.emit("MaxPool", [name], attributes), order: order)
        case .average:
            guard window.dilations.allSatisfy({ $0 == 1 }) else {
                throw ONNXError.noForm("pooling with dilation")
            }
            let inner = [("count_include_pad", ONNXFile.Attribute.integer(0))]
            return try result(
                writer.emit("AveragePool", [name], attributes + inner), order: order)
        }
    }

    mutating func normalized(
        _ inputs: [ONNXValue], _ normalization: StrataGraph.BatchNormalization
    ) throws -> ONNXValue {
        guard normalization.usesGivenStatistics else {
            throw ONNXError.noForm("batchNormalization with statistics of the batch")
        }
        let order = channelsSecond(inputs[0].rank)
        let image = try writer.name(of: inputs[0], order: order)
        let others = try inputs.dropFirst().map { try writer.name(of: $0) }
        let name = writer.emit(
            "BatchNormalization", [image] + others, [("epsilon", .number(normalization.epsilon))])
        return try result(name, order: order)
    }
}
