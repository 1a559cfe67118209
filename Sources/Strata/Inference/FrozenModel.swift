internal import StrataGraph
internal import Synchronization

/// A model with weights that never change, and its plans.
final class FrozenModel: @unchecked Sendable {
    /// The model that it was made from.
    let source: Model
    /// The wiring as it was then: layers may be added to a ``Sequential``.
    private let traced: Model
    /// The model's own variables with the copies that are read instead; `nil` if it is nobody else's.
    private var copies: [Variable: Variable]?
    private let graphs = computeEngine.makeFrozenGraphs()
    /// Held while a plan is made: guards layers and `copies`.
    private let preparation = Mutex(())
    private let steps = Mutex(RecentlyUsed<Key, FrozenStep>(capacity: FrozenModel.stepCapacity))

    /// How many plans are kept.
    ///
    /// Each holds memory for all its activations. Models whose inputs have open sizes need more than
    /// the batch sizes there are.
    private static let stepCapacity = 24

    private struct Key: Hashable {
        var count: Int
        /// The shape of a sample of each input.
        var samples: [[Int]]
    }

    /// - Parameters:
    ///   - model: a built model.
    ///   - isOwned: whether nothing else uses the model, so that its weights need no copy.
    init(_ model: Model, isOwned: Bool) throws {
        source = model
        traced = Model(wiring: model.wiring, name: model.name)
        if isOwned { return }
        copies = try model.during(.computing) {
            var copies: [Variable: Variable] = [:]
            for variable in model.allVariables { copies[variable] = try variable.copy() }
            copies[traced.stepCounter] = try model.stepCounter.copy()
            return copies
        }
    }

    /// The memory of the weights, in whatever layouts they are needed.
    var weightsByteCount: Int { graphs.byteCount }

    // MARK: Plans

    /// The plan for so many samples of these shapes, made on first use.
    func step(_ count: Int, _ samples: [[Int]]) throws -> FrozenStep {
        let key = Key(count: count, samples: samples)
        if let found = steps.withLock({ $0.find(key) }) { return found }
        return try preparation.withLock { _ in
            if let found = steps.withLock({ $0.find(key) }) { return found }
            let made = try makeStepWithRoom(key)
            steps.withLock { $0.insert(made, for: key) }
            return made
        }
    }

    /// How many plans there are at present.
    var stepCount: Int { steps.withLock(\.count) }

    /// Where planning fails, as without memory, the plans that are kept make room.
    private func makeStepWithRoom(_ key: Key) throws -> FrozenStep {
        do {
            return try makeStep(key)
        } catch  where stepCount > 0 {
            steps.withLock { $0.removeAll() }
            return try makeStep(key)
        }
    }

    private func makeStep(_ key: Key) throws -> FrozenStep {
        let types = zip(traced.inputs, key.samples).map { input, sample in
            TensorType(Shape([key.count] + sample), input.dtype)
        }
        var graph = try StepGraph(
            model: traced, mode: .predict, inputs: types, targets: [], weights: []
        ).make()
        if copies != nil { graph = try reading(copiesOf: graph) }
        let step = try FrozenStep(graphs.prepare(graph), inputCount: types.count)
        for (name, shape) in zip(source.outputNames, step.outputShapes)
        where shape.first != key.count {
            throw ModelError(
                .invalidArgument(
                    "output \(name) has shape \(shape) for \(key.count) samples",
                    fix: "make a model whose outputs have a row for each sample"))
        }
        return step
    }

    /// The graph with the copies of the variables.
    private func reading(copiesOf graph: Graph) throws -> Graph {
        // Of layers that do not track them; from now on their values are kept, too.
        for variable in graph.variables where copies?[variable] == nil {
            copies?[variable] = try variable.copy()
        }
        return graph.replacingVariables { copies?[$0] ?? $0 }
    }

    // MARK: Predicting

    /// Predicts for several requests, in as few runs as possible where samples have the same shapes.
    ///
    /// - Parameter requests: for each a tensor `[count, …]` of the input's type for each input.
    /// - Returns: for each a tensor `float32 [count, …]` for each output.
    func predict(_ requests: [[Tensor]]) throws -> [[Tensor]] {
        let samples = requests.map { $0.map { Array($0.shape.dropFirst()) } }
        guard let first = samples.first else { return [] }
        if samples.allSatisfy({ $0 == first }) { return try predict(requests, samples: first) }
        var results = [[Tensor]](repeating: [], count: requests.count)
        for (shapes, members) in Dictionary(grouping: requests.indices, by: { samples[$0] }) {
            let found = try predict(members.map { requests[$0] }, samples: shapes)
            for (member, outputs) in zip(members, found) { results[member] = outputs }
        }
        return results
    }

    private func predict(_ requests: [[Tensor]], samples: [[Int]]) throws -> [[Tensor]] {
        let counts = requests.map { $0.first?.shape.first ?? 0 }
        var results = PredictedRows(counts)
        for batch in BatchDivision.batches(of: counts) {
            try step(batch.size, samples).run { step, graph in
                for (input, index) in step.inputIndices.enumerated() {
                    guard let index else { continue }
                    for part in batch.parts {
                        graph.feed(
                            index, requests[part.request][input], rows: part.rows, at: part.first)
                    }
                    graph.clear(index, from: batch.count)
                }
                try graph.run()
                try results.add(batch, from: graph, shapes: step.outputShapes)
            }
        }
        return results.tensors
    }
}

extension Variable {
    fileprivate func copy() throws(VariableError) -> Variable {
        Variable(name, kind: kind, value: try value)
    }
}

/// The plan of a frozen model for a number of samples, and its executables.
final class FrozenStep: Sendable {
    /// Used by one thread at a time.
    private struct Executable: @unchecked Sendable {
        let graph: any PreparedGraph
    }

    private let graph: any FrozenGraph
    /// By the model's inputs; `nil` for one that it does not use.
    let inputIndices: [Int?]
    let outputShapes: [[Int]]
    private let idle: Mutex<[Executable]>

    init(_ graph: any FrozenGraph, inputCount: Int) throws {
        self.graph = graph
        let first = try graph.instance()
        let names = first.inputTypes.map(\.name)
        inputIndices = (0..<inputCount).map { names.firstIndex(of: StepGraph.inputName($0)) }
        outputShapes = (0..<first.outputCount).map { first.outputShape($0) }
        idle = Mutex([Executable(graph: first)])
    }

    /// Runs so many executables once, on zeros.
    func warmUp(executables count: Int) throws {
        var all: [Executable] = []
        while all.count < count {
            let found = idle.withLock { $0.popLast() }
            all.append(try found ?? Executable(graph: graph.instance()))
        }
        for executable in all { try executable.graph.run() }
        idle.withLock { $0 += all }
    }

    /// Runs `body` with an executable that no other thread uses meanwhile.
    func run(_ body: (FrozenStep, any PreparedGraph) throws -> Void) throws {
        let executable = try idle.withLock { $0.popLast() } ?? Executable(graph: graph.instance())
        defer { idle.withLock { $0.append(executable) } }
        try body(self, executable.graph)
    }
}

/// The outputs of several requests, row after row.
private struct PredictedRows {
    private let counts: [Int]
    private var shapes: [[Int]] = []
    /// By request, then by output.
    private var values: [[[Float]]] = []

    init(_ counts: [Int]) { self.counts = counts }

    /// - Throws: if there is no memory for the outputs.
    mutating func add(
        _ batch: BatchDivision.Batch, from graph: any PreparedGraph, shapes: [[Int]]
    ) throws {
        if values.isEmpty {
            self.shapes = shapes.map { Array($0.dropFirst()) }
            let elements = self.shapes.reduce(0) { $0 + $1.reduce(counts.reduce(0, +), *) }
            try HostMemory.require("the output", byteCount: elements * MemoryLayout<Float>.size)
            values = counts.map { count in
                self.shapes.map { [Float](repeating: 0, count: $0.reduce(count, *)) }
            }
        }
        for part in batch.parts {
            for (output, shape) in self.shapes.enumerated() {
                let size = shape.reduce(MemoryLayout<Float>.size, *)
                values[part.request][output].withUnsafeMutableBytes { bytes in
                    let rows = bytes[part.rows.lowerBound * size..<part.rows.upperBound * size]
                    graph.copyOutput(
                        output, rows: part.first..<part.first + part.rows.count,
                        to: UnsafeMutableRawBufferPointer(rebasing: rows))
                }
            }
        }
    }

    var tensors: [[Tensor]] {
        zip(counts, values).map { count, outputs in
            zip(shapes, outputs).map { Tensor(storage: .float32($1), shape: [count] + $0) }
        }
    }
}
