internal import StrataGraph

/// A value during export.
///
/// Convolutions of ONNX have channels second, ours last. Values record the order of their axes, and
/// are transposed only where another order is needed.
struct ONNXValue {
    enum Source {
        case computed(String)
        /// A tensor with axes in their own order, and its name in the file.
        case constant(Tensor, name: String)
    }

    var source: Source
    var dtype: DType
    /// The lengths of the axes in our order.
    var shape: [ONNXDimension]
    /// The position of each axis in the file's tensor.
    var order: [Int]

    var rank: Int { shape.count }

    var isConstant: Bool {
        if case .constant = source { true } else { false }
    }

    /// Whether axes longer than 1 are in their own order, so that a reshape needs no transpose.
    var isRowMajor: Bool {
        let kept = zip(shape, order).filter { $0.0 != .fixed(1) }.map(\.1)
        return kept == kept.sorted()
    }
}

/// Collects the nodes and constants of a file.
struct ONNXWriter {
    private(set) var file: ONNXFile
    private let engine: any Engine
    private var names: Set<String>
    private var counts: [String: Int] = [:]
    private var transposed: [Transposition: String] = [:]
    private var integers: [[Int]: String] = [:]
    private var sampleCount: String?
    /// Values that became outputs, by their old names.
    private var renamed: [String: String] = [:]

    private struct Transposition: Hashable {
        var name: String
        var order: [Int]
    }

    /// - Parameters:
    ///   - file: a file with a name and inputs.
    ///   - taken: reserved names, such as those of the outputs.
    ///   - engine: computes what depends on constants alone.
    init(_ file: ONNXFile, taken: [String], engine: any Engine) {
        self.file = file
        self.engine = engine
        names = Set(file.inputs.map(\.name) + taken)
    }

    /// An unused name.
    private mutating func newName(_ wanted: String) -> String {
        var name = wanted
        while !names.insert(name).inserted {
            counts[wanted, default: 0] += 1
            name = "\(wanted)_\(counts[wanted, default: 0])"
        }
        return name
    }

    /// Adds a call of an operator with one result.
    mutating func emit(
        _ operatorName: String, _ inputs: [String],
        _ attributes: [(name: String, value: ONNXFile.Attribute)] = []
    ) -> String {
        let output = newName(operatorName.lowercased())
        file.nodes.append(
            ONNXFile.Node(
                operatorName: operatorName, inputs: inputs.map { renamed[$0] ?? $0 },
                outputs: [output], attributes: attributes))
        return output
    }

    /// Adds a reduction.
    mutating func reduce(
        _ operatorName: String, _ input: String, axes: [Int], keepsDimensions: Bool
    ) -> String {
        let keeps = ("keepdims", ONNXFile.Attribute.integer(keepsDimensions ? 1 : 0))
        // Since operator set 13 the sum takes its axes as an input, the others only since 18.
        return operatorName == "ReduceSum" || file.operatorSet >= 18
            ? emit(operatorName, [input, list(axes)], [keeps])
            : emit(operatorName, [input], [("axes", .integers(axes)), keeps])
    }

    /// A list of integers for shapes and axes.
    mutating func list(_ values: [Int]) -> String {
        if let known = integers[values] { return known }
        let name = newName("integers")
        integers[values] = name
        file.initializers.append((name, .integers(values)))
        return name
    }

    mutating func number(_ value: Float) throws -> String {
        try name(
            of: ONNXValue(
                source: .constant(Tensor(value), name: "number_\(value)"), dtype: .float32,
                shape: [], order: []))
    }

    /// The name of a value with axes in an order, by default their own.
    mutating func name(of value: ONNXValue, order: [Int]? = nil) throws -> String {
        let wanted = order ?? Array(0..<value.rank)
        let axes = inverse(wanted)
        switch value.source {
        case .computed(let name):
            if value.order == wanted { return name }
            let key = Transposition(name: name, order: axes.map { value.order[$0] })
            if let known = transposed[key] { return known }
            let result = emit("Transpose", [name], [("perm", .integers(key.order))])
            transposed[key] = result
            return result
        case .constant(let tensor, let name):
            let key = Transposition(name: name, order: axes)
            if let known = transposed[key] { return known }
            let isOwn = axes == Array(axes.indices)
            let value = isOwn ? tensor : try evaluated(.constant(tensor).transposed(axes))
            let result = newName(name)
            file.initializers.append((result, .tensor(value)))
            transposed[key] = result
            return result
        }
    }

    func evaluated(_ value: SymbolicTensor) throws -> Tensor { try engine.evaluate([value])[0] }

    /// A list of lengths, some of which may be known only at run time.
    mutating func list(of shape: [ONNXDimension]) throws -> String {
        let fixed = shape.compactMap { length -> Int? in
            if case .fixed(let value) = length { value } else { nil }
        }
        if fixed.count == shape.count { return list(fixed) }
        let parts = try shape.map { length -> String in
            switch length {
            case .fixed(let value): return list([value])
            case .open: throw ONNXError(.dependsOnSize("the model makes"))
            case .batch(1): return try countOfSamples()
            case .batch(let multiple):
                return emit("Mul", [try countOfSamples(), list([multiple])])
            }
        }
        return emit("Concat", parts, [("axis", .integer(0))])
    }

    private mutating func countOfSamples() throws -> String {
        if let sampleCount { return sampleCount }
        guard let input = file.inputs.first(where: { $0.shape.first == .batch(1) }) else {
            throw ONNXError(.dependsOnBatch("the model computes"))
        }
        let name = emit("Shape", [input.name], [("start", .integer(0)), ("end", .integer(1))])
        sampleCount = name
        return name
    }

    /// Makes a value an output under a name.
    mutating func addOutput(_ value: ONNXValue, _ name: String) throws {
        let own = try self.name(of: value)
        let isOutput = file.outputs.contains { $0.name == own }
        if !isOutput, let node = file.nodes.firstIndex(where: { $0.outputs == [own] }) {
            file.nodes[node].outputs = [name]
            for reader in file.nodes.indices {
                file.nodes[reader].inputs = file.nodes[reader].inputs.map { $0 == own ? name : $0 }
            }
            transposed = transposed.mapValues { $0 == own ? name : $0 }
            renamed[own] = name
        } else {
            file.nodes.append(
                ONNXFile.Node(
                    operatorName: "Identity", inputs: [renamed[own] ?? own], outputs: [name],
                    attributes: []))
        }
        file.outputs.append(
            ONNXFile.Declaration(name: name, dtype: value.dtype, shape: value.shape))
    }
}
