internal import StrataGraph

/// A model's graph for any number of samples.
///
/// Graphs are of known shapes. So the model is traced for two numbers of samples: where two lengths are
/// equal, the length is fixed, and where they are not, it is a multiple of the number of samples.
struct BatchTrace {
    let graph: Graph
    private let other: Graph

    /// Primes, so that a multiple of one is seldom one of the other by chance.
    private static let counts = (5, 7)

    /// - Parameters:
    ///   - names: of the inputs.
    ///   - shapes: of the inputs; `nil` for the number of samples.
    init(_ model: Model, names: [String], shapes: [Shape]) throws {
        let trace = { (count: Int) throws -> Graph in
            let inputs = zip(names, zip(model.inputs, shapes)).map { name, input in
                var shape = input.1
                if shape.rank > 0 { shape[0] = shape[0] ?? count }
                return SymbolicTensor.input(name, shape, dtype: input.0.dtype)
            }
            let outputs = model.call(inputs, CallContext(isTraining: false))
            // Every input is an output too, so that those that nothing reads are there.
            return try Graph(outputs: inputs + outputs.map { $0.cast(to: .float32) })
        }
        graph = try trace(Self.counts.0)
        other = try trace(Self.counts.1)
        guard graph.nodes.count == other.nodes.count else {
            throw ONNXError.notForEveryBatch("the model computes")
        }
    }

    /// The lengths of a value.
    func shape(_ value: Graph.Value) throws -> [ONNXDimension] {
        try lengths(
            graph.shape(value), other.shape(value),
            "\(graph.nodes[value.node].operation.name) gives")
    }

    /// The numbers that an operation of a node has, for example the shape it makes.
    func lengths(of node: Int, _ read: (Operation) -> [Int]) throws -> [ONNXDimension] {
        let operation = graph.nodes[node].operation
        return try lengths(
            read(operation), read(other.nodes[node].operation), "\(operation.name) takes")
    }

    private func lengths(_ first: [Int], _ second: [Int], _ what: String) throws
        -> [ONNXDimension]
    {
        guard first.count == second.count else { throw ONNXError.notForEveryBatch(what) }
        return try zip(first, second).map { a, b in
            if a == b { return .fixed(a) }
            let multiple = a / Self.counts.0
            guard a == multiple * Self.counts.0, b == multiple * Self.counts.1 else {
                throw ONNXError.notForEveryBatch(what)
            }
            return .batch(multiple)
        }
    }
}

/// Why a model has no form in ONNX.
enum ONNXError {
    static func notForEveryBatch(_ what: String) -> ModelError {
        ModelError(
            .invalidArgument(
                "\(what) something that depends on the number of samples as no ONNX file can say",
                fix: "make the model with Input(shape:batchSize:), for one number of samples"))
    }

    static func noForm(_ operation: String) -> ModelError {
        ModelError(
            .invalidArgument(
                "the operation \(operation) has no form in ONNX",
                fix: "export a model without it, such as the layers before it"))
    }
}
