package import StrataGraph

/// A network for any number of samples, and for images of any size if it accepts them.
///
/// Graphs have known shapes. So a network is traced for two numbers of samples and two image sizes:
/// a length that is the same in all traces is fixed; any other is a multiple of the number of
/// samples, or follows from the image size.
package struct BatchTrace {
    let graph: Graph
    /// The trace with another number of samples.
    private let other: Graph
    /// The trace with another image size, if the inputs leave it open.
    private let resized: Graph?
    private let inputCount: Int
    /// The numbers of samples; `nil` if the inputs fix it.
    private let counts: (Int, Int)?

    /// The inputs, and the outputs after them, in the order of the first trace.
    var inputs: ArraySlice<Graph.Value> { graph.outputs[..<inputCount] }
    var outputs: ArraySlice<Graph.Value> { graph.outputs[inputCount...] }

    /// One network's inputs and outputs for known shapes.
    package struct Symbols {
        package var inputs: [SymbolicTensor]
        package var outputs: [SymbolicTensor]

        package init(inputs: [SymbolicTensor], outputs: [SymbolicTensor]) {
            (self.inputs, self.outputs) = (inputs, outputs)
        }

        /// Every input is an output too, so that unused ones are kept.
        fileprivate func graph() throws(GraphError) -> Graph {
            try Graph(outputs: inputs + outputs)
        }
    }

    /// - Parameters:
    ///   - symbols: of the network.
    ///   - otherBatch: those for another number of samples. Primes are best, since a multiple of
    ///     one is rarely one of the other by chance.
    ///   - otherSize: those with other lengths of all axes but the first that are left open.
    package init(_ symbols: Symbols, otherBatch: Symbols, otherSize: Symbols? = nil) throws {
        let all = [symbols, otherBatch] + (otherSize.map { [$0] } ?? [])
        guard
            all.allSatisfy({
                $0.inputs.count == symbols.inputs.count && $0.outputs.count == symbols.outputs.count
            })
        else { throw ONNXError(.unequalTraces) }
        inputCount = symbols.inputs.count
        graph = try symbols.graph()
        other = try otherBatch.graph()
        resized = try otherSize?.graph()
        counts = zip(symbols.inputs, otherBatch.inputs).lazy
            .map { ($0.0.shape.known?.first ?? 0, $0.1.shape.known?.first ?? 0) }
            .first { $0.0 != $0.1 && $0.0 > 0 && $0.1 > 0 }
        guard graph.hasForm(of: other) else {
            throw ONNXError(.dependsOnBatch("the model computes"))
        }
        guard resized?.hasForm(of: graph) ?? true else {
            throw ONNXError(.dependsOnSize("the model computes"))
        }
    }

    /// The lengths of a value.
    func shape(_ value: Graph.Value) throws(ONNXError) -> [ONNXDimension] {
        let (first, second) = (graph.shape(value), other.shape(value))
        let third = resized?.shape(value) ?? first
        let what = "\(graph.nodes[value.node].operation.name) takes or gives"
        guard first.count == second.count, first.count == third.count else {
            throw ONNXError(.dependsOnBatch(what))
        }
        var lengths: [ONNXDimension] = []
        for (a, (b, c)) in zip(first, zip(second, third)) {
            if a == b {
                lengths.append(a == c ? .fixed(a) : .open)
                continue
            }
            guard let counts, a % counts.0 == 0, b % counts.1 == 0, a / counts.0 == b / counts.1
            else { throw ONNXError(.dependsOnBatch(what)) }
            // A multiple of both has no name of its own.
            lengths.append(a == c ? .batch(a / counts.0) : .open)
        }
        return lengths
    }

    /// A fact about a node, if it is the same in all traces.
    func value<T: Equatable>(of node: Int, _ read: (Graph) -> T) throws(ONNXError) -> T {
        let value = read(graph)
        let what = "\(graph.nodes[node].operation.name) takes"
        guard read(other) == value else { throw ONNXError(.dependsOnBatch(what)) }
        guard isSame(read) else { throw ONNXError(.dependsOnSize(what)) }
        return value
    }

    /// Whether a fact is the same for images of any size.
    func isSame<T: Equatable>(_ read: (Graph) -> T) -> Bool {
        resized.map { read($0) == read(graph) } ?? true
    }

    /// The value of a constant, or the one number of which it consists in all traces.
    func constant(_ node: Int, _ tensor: Tensor) throws(ONNXError) -> Tensor {
        let isOther = other.constant(node) != tensor
        let isResized = resized.map { $0.constant(node) != tensor } ?? false
        if !isOther && !isResized { return tensor }
        let all = [graph, other] + (resized.map { [$0] } ?? [])
        let numbers = all.map { $0.constant(node)?.repeated }
        guard let number = numbers[0], numbers.allSatisfy({ $0 == number }) else {
            throw ONNXError(
                isOther
                    ? .dependsOnBatch("the model computes") : .dependsOnSize("the model computes"))
        }
        return number
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

extension Graph {
    /// Whether the calls are the same but for attributes and lengths.
    fileprivate func hasForm(of other: Graph) -> Bool {
        outputs == other.outputs && nodes.count == other.nodes.count
            && zip(nodes, other.nodes).allSatisfy { own, other in
                own.operation.name == other.operation.name && own.inputs == other.inputs
                    && own.outputs.count == other.outputs.count
            }
    }

    fileprivate func constant(_ node: Int) -> Tensor? {
        if case .constant(let tensor) = nodes[node].operation { tensor } else { nil }
    }
}

extension Tensor {
    /// The scalar of which all elements are copies, if they are.
    fileprivate var repeated: Tensor? {
        func scalar<Element: Equatable>(
            _ values: [Element], _ storage: ([Element]) -> Storage
        ) -> Tensor? {
            guard let first = values.first, values.allSatisfy({ $0 == first }) else { return nil }
            return Tensor(storage: storage([first]), shape: [])
        }
        return switch storage {
        case .float32(let values): scalar(values, Storage.float32)
        case .bfloat16(let values): scalar(values, Storage.bfloat16)
        case .int32(let values): scalar(values, Storage.int32)
        case .uint8(let values): scalar(values, Storage.uint8)
        case .bool(let values): scalar(values, Storage.bool)
        }
    }
}
