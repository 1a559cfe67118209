internal import StrataGraph

/// Writes a graph's operations as operators of ONNX, one after the other.
struct ONNXTranslation {
    let trace: BatchTrace
    var writer: ONNXWriter
    /// The results of the nodes so far.
    private var values: [ONNXValue] = []
    /// The index of the node that is being written.
    private(set) var number = 0
    private let inputNames: [Int: String]
    private let variableNames: [Variable: String]
    private var constantNames: Set<String> = []

    /// - Parameters:
    ///   - inputNames: those of input nodes.
    ///   - variableNames: names other than the variables' own.
    init(
        _ trace: BatchTrace, writer: ONNXWriter, inputNames: [Int: String],
        variableNames: [Variable: String]
    ) {
        self.trace = trace
        self.writer = writer
        self.inputNames = inputNames
        self.variableNames = variableNames
    }

    mutating func run() throws {
        for number in trace.graph.nodes.indices {
            self.number = number
            values.append(try value(of: trace.graph.nodes[number]))
        }
    }

    /// A value of a node that was written; each has one.
    subscript(value: Graph.Value) -> ONNXValue { values[value.node] }

    /// The lengths of the node's result.
    func resultShape() throws -> [ONNXDimension] {
        try trace.shape(Graph.Value(node: number, output: 0))
    }

    private var resultType: DType { trace.graph.nodes[number].outputs[0].dtype }

    private mutating func value(of node: Graph.Call) throws -> ONNXValue {
        if case .input(let name) = node.operation {
            guard let name = inputNames[number] else { throw ONNXError(.unknownInput(name)) }
            return try result(name)
        }
        if case .constant(let tensor) = node.operation { return try value(of: tensor) }
        if case .variable(let variable) = node.operation {
            try checkAttributes()
            return constant(try variable.value, variableNames[variable] ?? variable.name)
        }
        guard let operation = node.operation.definition as? any ONNXConvertible,
            node.outputs.count == 1
        else { throw ONNXError(.noForm(operation: node.operation.name)) }
        if !operation.takesLengths { try checkAttributes() }
        let inputs = node.inputs.map { self[$0] }
        return try folded(node, inputs) ?? operation.onnxValue(of: inputs, in: &self)
    }

    private func checkAttributes() throws(ONNXError) {
        let number = number
        _ = try trace.value(of: number) { $0.nodes[number].operation }
    }

    private mutating func value(of tensor: Tensor) throws -> ONNXValue {
        let common = try trace.constant(number, tensor)
        let value = constant(common, "constant_\(number)")
        if common.shape == tensor.shape { return value }
        // One number, for as many samples as there are.
        let name = try writer.name(of: value)
        return try result(writer.emit("Expand", [name, writer.list(of: resultShape())]))
    }

    /// A constant under an unused name.
    private mutating func constant(_ tensor: Tensor, _ wanted: String) -> ONNXValue {
        var (name, count) = (wanted, 0)
        while !constantNames.insert(name).inserted {
            count += 1
            name = "\(wanted)_\(count)"
        }
        return ONNXValue(
            source: .constant(tensor, name: name), dtype: tensor.dtype,
            shape: tensor.shape.map { .fixed($0) }, order: Array(tensor.shape.indices))
    }

    /// Values that do not depend on inputs are computed now, unless that makes them much larger.
    private mutating func folded(_ node: Graph.Call, _ inputs: [ONNXValue]) throws -> ONNXValue? {
        let tensors = inputs.compactMap { input -> (tensor: Tensor, name: String)? in
            if case .constant(let tensor, let name) = input.source { (tensor, name) } else { nil }
        }
        let count = trace.graph.shape(Graph.Value(node: number, output: 0)).reduce(1, *)
        let largest = tensors.map(\.tensor.count).max() ?? 0
        guard tensors.count == inputs.count, node.outputs.count == 1,
            count <= max(largest, 1 << 16),
            try resultShape().allSatisfy(\.isFixed)
        else { return nil }
        let operands = tensors.map { SymbolicTensor.constant($0.tensor) }
        let result = SymbolicTensor.applying(node.operation, operands)[0]
        let name = tensors.first { !$0.name.hasPrefix("constant_") }?.name
        return constant(
            try writer.evaluated(result), name.map { "\($0)/\(number)" } ?? "constant_\(number)")
    }

    /// Sets the node's result; axes are in their own order by default.
    func result(_ name: String, order: [Int]? = nil) throws -> ONNXValue {
        let shape = try resultShape()
        return ONNXValue(
            source: .computed(name), dtype: resultType, shape: shape,
            order: order ?? Array(shape.indices))
    }

    /// An operator with our order of axes and without attributes.
    mutating func plain(_ operatorName: String, _ inputs: [ONNXValue]) throws -> ONNXValue {
        let names = try inputs.map { try writer.name(of: $0) }
        return try result(writer.emit(operatorName, names))
    }
}
