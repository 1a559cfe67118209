internal import StrataGraph

/// A model's graph for any batch size, and for images of any size if the model accepts them.
///
/// Graphs have known shapes. So the model is traced for two batch sizes and two image sizes: a
/// length that is the same in all traces is fixed; any other is a multiple of the batch size, or
/// follows from the image size.
struct BatchTrace {
    let graph: Graph
    /// The trace with another batch size.
    private let other: Graph
    /// The trace with another image size, if the model's inputs leave it open.
    private let resized: Graph?

    /// Primes, so that a multiple of one is rarely one of the other by chance.
    private static let counts = (5, 7)
    /// The lengths of axes that are left open: multiples of 32, as networks halve images.
    private static let size = [320, 384, 448]
    /// Other such lengths; odd ones distinguish more, but some models accept only even ones.
    private static let otherSizes = [[449, 577, 385], [448, 576, 384]]

    /// - Parameters:
    ///   - names: of the inputs.
    ///   - shapes: of the inputs; `nil` for the batch size and for open lengths.
    init(_ model: Model, names: [String], shapes: [Shape]) throws {
        let trace = { (count: Int, size: [Int]) throws -> Graph in
            let inputs = zip(names, zip(model.inputs, shapes)).map { name, input in
                var shape = input.1
                for axis in 0..<shape.rank {
                    shape[axis] = shape[axis] ?? (axis == 0 ? count : size[(axis - 1) % size.count])
                }
                return SymbolicTensor.input(name, shape, dtype: input.0.dtype)
            }
            let outputs = model.call(inputs, CallContext(isTraining: false))
            // Every input is an output too, so that unused ones are kept.
            return try Graph(outputs: inputs + outputs.map { $0.cast(to: .float32) })
        }
        graph = try trace(Self.counts.0, Self.size)
        other = try trace(Self.counts.1, Self.size)
        let isOpen = shapes.contains { $0.dimensions.dropFirst().contains(nil) }
        if isOpen {
            do {
                resized = try trace(Self.counts.0, Self.otherSizes[0])
            } catch {
                resized = try trace(Self.counts.0, Self.otherSizes[1])
            }
        } else {
            resized = nil
        }
        guard graph.nodes.count == other.nodes.count else {
            throw ONNXError.notForEveryBatch("the model computes")
        }
        guard resized.map({ $0.nodes.count == graph.nodes.count }) ?? true else {
            throw ONNXError.notForEverySize("the model computes")
        }
    }

    /// The lengths of a value.
    func shape(_ value: Graph.Value) throws -> [ONNXDimension] {
        try lengths(value.node) { $0.shape(value) }
    }

    /// Integer attributes of a node's operation, such as its output shape.
    func lengths(of node: Int, _ read: (Operation) -> [Int]) throws -> [ONNXDimension] {
        try lengths(node) { read($0.nodes[node].operation) }
    }

    private func lengths(_ node: Int, _ read: (Graph) -> [Int]) throws -> [ONNXDimension] {
        let what = "\(graph.nodes[node].operation.name) takes or gives"
        let (first, second) = (read(graph), read(other))
        let third = resized.map(read) ?? first
        guard first.count == second.count, first.count == third.count else {
            throw ONNXError.notForEveryBatch(what)
        }
        return try first.indices.map { axis in
            let (a, b, c) = (first[axis], second[axis], third[axis])
            if a == b { return a == c ? .fixed(a) : .open }
            let multiple = a / Self.counts.0
            guard a == multiple * Self.counts.0, b == multiple * Self.counts.1 else {
                throw ONNXError.notForEveryBatch(what)
            }
            // A multiple of both has no name of its own.
            return a == c ? .batch(multiple) : .open
        }
    }

    /// An attribute of a node, if it is the same for images of any size.
    func value<T: Equatable>(of node: Int, _ read: (Graph) -> T) throws -> T {
        let value = read(graph)
        if let resized, read(resized) != value {
            throw ONNXError.notForEverySize("\(graph.nodes[node].operation.name) takes")
        }
        return value
    }

    /// Whether an attribute is the same for images of any size.
    func isSame<T: Equatable>(_ read: (Graph) -> T) -> Bool {
        resized.map { read($0) == read(graph) } ?? true
    }

    /// For each axis of a target, the axes `i..<j` of a source whose lengths multiply to its own in
    /// all traces; `nil` if there are none.
    func runs(from source: Graph.Value, to target: Graph.Value) -> [Range<Int>?] {
        let graphs = [graph, other] + (resized.map { [$0] } ?? [])
        let sources = graphs.map { $0.shape(source) }
        let targets = graphs.map { $0.shape(target) }
        let (count, targetCount) = (sources[0].count, targets[0].count)
        let forward = Self.runs(sources, targets)
        // From the end, if the beginning is divided in another way.
        let backward = Self.runs(sources.map { $0.reversed() }, targets.map { $0.reversed() })
        return (0..<targetCount).map { axis in
            forward[axis]
                ?? backward[targetCount - 1 - axis].map {
                    count - $0.upperBound..<count - $0.lowerBound
                }
        }
    }

    private static func runs(_ sources: [[Int]], _ targets: [[Int]]) -> [Range<Int>?] {
        var runs: [Range<Int>?] = targets[0].map { _ in nil }
        var start = 0
        for axis in runs.indices {
            var end = start
            func products() -> [Int] { sources.map { $0[start..<end].reduce(1, *) } }
            func isShort() -> Bool { zip(products(), targets).contains { $0 < $1[axis] } }
            while end < sources[0].count, isShort() { end += 1 }
            guard zip(products(), targets).allSatisfy({ $0 == $1[axis] }) else { break }
            runs[axis] = start..<end
            start = end
        }
        return runs
    }
}

/// The reason why a model cannot be exported to ONNX.
enum ONNXError {
    static func notForEveryBatch(_ what: String) -> ModelError {
        ModelError(
            .invalidArgument(
                "\(what) something that depends on the number of samples as no ONNX file can say",
                fix: "make the model with Input(shape:batchSize:), for one number of samples"))
    }

    static func notForEverySize(_ what: String) -> ModelError {
        ModelError(
            .invalidArgument(
                "\(what) something that depends on the size of the input as no ONNX file can say",
                fix: "give export(_:inputShapes:) a shape in which only the first length is open; "
                    + "strata convert has --input-shape for it"))
    }

    static func noForm(_ operation: String) -> ModelError {
        ModelError(
            .invalidArgument(
                "the operation \(operation) has no form in ONNX",
                fix: "export a model without it, such as the layers before it"))
    }
}
