internal import StrataGraph

// Products, and operators over images, which take [batch, channels, spatial…].

extension ONNXTranslation {
    /// The positions of our axes in ONNX.
    fileprivate func channelsSecond(_ rank: Int) -> [Int] {
        rank <= 2 ? Array(0..<rank) : [0] + Array(2..<rank) + [1]
    }

    /// Our kernel [spatial…, channels, filters] as ONNX's [filters, channels, spatial…].
    fileprivate mutating func kernelName(_ kernel: ONNXValue) throws -> String {
        let rank = kernel.rank
        return try writer.name(of: kernel, order: Array(2..<rank) + [1, 0])
    }

    fileprivate typealias Attributes = [(name: String, value: ONNXFile.Attribute)]

    /// Size, strides and padding of a window over an image.
    ///
    /// - Parameter image: the lengths of the image's axes in a graph.
    fileprivate func attributes(_ window: Window, over image: (Graph) -> [Int]) throws -> Attributes
    {
        var attributes: Attributes = [
            ("kernel_shape", .integers(window.size)), ("strides", .integers(window.strides)),
        ]
        // With strides above 1, padding depends on the length, even if it does not for the traced
        // lengths.
        let isRule = window.padding == .same && window.explicitPadding == nil
        if isRule, !trace.isSame(image), window.strides.contains(where: { $0 > 1 }) {
            attributes.append(("auto_pad", .text("SAME_UPPER")))
        } else {
            let margins = try trace.value(of: number) { graph in
                let all = (0..<window.rank).map {
                    window.edgePadding($0, length: image(graph)[$0 + 1])
                }
                return all.map(\.before) + all.map(\.after)
            }
            attributes.append(("pads", .integers(margins)))
        }
        if window.dilations.contains(where: { $0 != 1 }) {
            attributes.append(("dilations", .integers(window.dilations)))
        }
        return attributes
    }

    /// The lengths of the node's first input in a graph.
    fileprivate var inputShape: (Graph) -> [Int] {
        let source = trace.graph.nodes[number].inputs[0]
        return { $0.shape(source) }
    }
}

extension Convolution: ONNXConvertible {
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        let order = onnx.channelsSecond(inputs[0].rank)
        var names = [
            try onnx.writer.name(of: inputs[0], order: order), try onnx.kernelName(inputs[1]),
        ]
        if inputs.count > 2 { names.append(try onnx.writer.name(of: inputs[2])) }
        let attributes = try onnx.attributes(window, over: onnx.inputShape)
        let name = onnx.writer.emit(
            "Conv", names, attributes + [("group", .integer(groups))])
        return try onnx.result(name, order: order)
    }
}

extension ConvolutionBackwardData: ONNXConvertible {
    var takesLengths: Bool { true }

    /// A transposed convolution.
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        let window = convolution.window
        let order = onnx.channelsSecond(inputs[0].rank)
        let (number, inputShape) = (onnx.number, onnx.inputShape)
        let outputShape = { (graph: Graph) in graph.shape(Graph.Value(node: number, output: 0)) }
        let margins = try onnx.trace.value(of: number) { graph in
            let all = (0..<window.rank).map {
                window.edgePadding($0, length: outputShape(graph)[$0 + 1])
            }
            return all.map(\.before) + all.map(\.after)
        }
        var attributes: ONNXTranslation.Attributes = [
            ("kernel_shape", .integers(window.size)), ("strides", .integers(window.strides)),
            ("pads", .integers(margins)), ("dilations", .integers(window.dilations)),
        ]
        // The remainder after the last window.
        let rest = try onnx.trace.value(of: number) { graph in
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
        let names = [
            try onnx.writer.name(of: inputs[0], order: order), try onnx.kernelName(inputs[1]),
        ]
        var name = onnx.writer.emit("ConvTranspose", names, attributes)
        if !isSmall {
            // ONNX accepts less than a stride; positions that no window reaches are zeros.
            let ends = [0, 0] + Array(repeating: 0, count: window.rank) + [0, 0] + rest
            name = onnx.writer.emit("Pad", [name, onnx.writer.list(ends)])
        }
        return try onnx.result(name, order: order)
    }
}

extension Pooling: ONNXConvertible {
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        let x = inputs[0]
        guard let window else {
            let kind: Reduction.Kind =
                switch self.kind {
                case .maximum: .maximum
                case .average: .mean
                }
            return try kind.onnxValue(
                of: x, axes: Array(1..<x.rank - 1), keepsDimensions: true, in: &onnx)
        }
        let order = onnx.channelsSecond(x.rank)
        let name = try onnx.writer.name(of: x, order: order)
        let attributes = try onnx.attributes(window, over: onnx.inputShape)
        switch kind {
        case .maximum:
            return try onnx.result(onnx.writer.emit("MaxPool", [name], attributes), order: order)
        case .average:
            guard window.dilations.allSatisfy({ $0 == 1 }) else {
                throw ONNXError(.noForm(operation: "pooling with dilation"))
            }
            let inner = [("count_include_pad", ONNXFile.Attribute.integer(0))]
            return try onnx.result(
                onnx.writer.emit("AveragePool", [name], attributes + inner), order: order)
        }
    }
}

extension BatchNormalization: ONNXConvertible {
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        guard usesGivenStatistics else {
            throw ONNXError(.noForm(operation: "batchNormalization with statistics of the batch"))
        }
        let order = onnx.channelsSecond(inputs[0].rank)
        let image = try onnx.writer.name(of: inputs[0], order: order)
        let others = try inputs.dropFirst().map { try onnx.writer.name(of: $0) }
        let name = onnx.writer.emit(
            "BatchNormalization", [image] + others, [("epsilon", .number(epsilon))])
        return try onnx.result(
            fusesReLU ? onnx.writer.emit("Relu", [name]) : name, order: order)
    }
}

extension MatMul: ONNXConvertible {
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        try onnx.plain("MatMul", inputs)
    }
}

extension InnerProduct: ONNXConvertible {
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        let image = inputs[0]
        var rows = try onnx.writer.name(of: image, order: image.isRowMajor ? image.order : nil)
        if image.rank > 2 { rows = onnx.writer.emit("Flatten", [rows], [("axis", .integer(1))]) }
        let others = try inputs.dropFirst().map { try onnx.writer.name(of: $0) }
        return try onnx.result(onnx.writer.emit("Gemm", [rows] + others))
    }
}

extension OneHot: ONNXConvertible {
    /// Compared with all indices below the depth; ONNX's own operator counts negative ones from the
    /// end.
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        // The file has the numbers of all classes.
        guard depth <= 1 << 24 else {
            throw ONNXError(.noForm(operation: "oneHot of \(depth) classes"))
        }
        let x = inputs[0]
        let column = onnx.writer.emit(
            "Unsqueeze", [try onnx.writer.name(of: x), onnx.writer.list([-1])])
        let numbers = Tensor((0..<depth).map { Int32($0) })
        let row = try onnx.writer.name(
            of: ONNXValue(
                source: .constant(numbers, name: "below_\(depth)"), dtype: .int32,
                shape: [.fixed(depth)], order: [0]))
        return try onnx.result(
            onnx.castName(onnx.writer.emit("Equal", [column, row]), to: .float32))
    }
}

extension Softmax: ONNXConvertible {
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        let x = inputs[0]
        let name = onnx.writer.emit(
            isLogarithm ? "LogSoftmax" : "Softmax",
            [try onnx.writer.name(of: x, order: x.order)],
            [("axis", .integer(x.order[axis]))])
        return try onnx.result(name, order: x.order)
    }
}
