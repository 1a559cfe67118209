internal import StrataGraph

/// A step of a model ready to run: its plan bound to memory, and its inputs.
final class StepRunner {
    private let prepared: any PreparedGraph
    private let inputIndices: [String: Int]
    /// The variables that a run gives new values.
    let updatedVariables: [Variable]

    init(_ graph: Graph) throws {
        prepared = try computeEngine.prepare(graph)
        updatedVariables = graph.updates.map(\.variable)
        inputIndices = Dictionary(
            prepared.inputTypes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { $1 })
    }

    /// Copies rows of a tensor to an input, if the step uses it.
    ///
    /// - Parameters:
    ///   - name: the input's name.
    ///   - tensor: all samples.
    ///   - rows: the indices of the step's samples.
    func feed(_ name: String, _ tensor: Tensor, rows: ArraySlice<Int>) {
        if let index = inputIndices[name] { prepared.feed(index, tensor, rows: rows) }
    }

    /// The index of an input; `nil` if the step does not use it.
    func inputIndex(_ name: String) -> Int? { inputIndices[name] }

    /// Copies all rows of a tensor, as many as the step was made for, to an input.
    func feed(_ index: Int, _ tensor: Tensor) {
        prepared.feed(index, tensor)
    }

    func run() throws { try prepared.run() }

    /// A copy of an output.
    func output(_ index: Int) -> Tensor { prepared.outputTensor(index) }

    /// An output that is one `float32` number, without allocating.
    func scalar(_ index: Int) -> Float {
        var value = Float.nan
        withUnsafeMutableBytes(of: &value) { prepared.copyOutput(index, to: $0) }
        return value
    }

    /// Copies of all outputs.
    var outputTensors: [Tensor] { (0..<prepared.outputCount).map { output($0) } }

    /// Throws unless there is memory for copies of all outputs.
    func requireOutputMemory() throws { try prepared.requireOutputMemory() }

    /// The plan of the step as text.
    var planDescription: String { prepared.planDescription }

    /// Runs the step for an approximate duration, and measures its parts.
    func profile(seconds: Double) throws -> StepProfile { try prepared.profile(seconds: seconds) }
}

extension StepRunner {
    /// The kind of batch of a step.
    struct Key: Hashable {
        var mode: StepGraph.Mode
        var types: [TensorType?]
        /// Whether several ranks compute it together.
        var isDistributed: Bool
    }

    typealias Cache = RecentlyUsed<Key, StepRunner>

    /// How many plans a model keeps, the most recently used.
    ///
    /// Each holds memory for all its activations; training and prediction use few batch sizes at a time.
    static let cacheCapacity = 12
}

extension Model {
    /// The plan of a step for data of these types, made on first use.
    func runner(
        _ mode: StepGraph.Mode, inputs: [TensorType], targets: [TensorType] = [],
        weights: [TensorType?] = []
    ) throws -> StepRunner {
        let key = StepRunner.Key(
            mode: mode, types: inputs + targets + weights,
            isDistributed: ranks != nil && mode != .predict)
        if let found = runners.find(key) { return found }
        // Tracing reads the model, so the cache must not be in use meanwhile.
        let graph = try StepGraph(
            model: self, mode: mode, inputs: inputs, targets: targets, weights: weights
        ).make()
        let made = try prepared(graph)
        runners.insert(made, for: key)
        return made
    }

    /// Plans a graph; where that fails, as without memory, the plans that are kept make room.
    private func prepared(_ graph: Graph) throws -> StepRunner {
        do {
            return try StepRunner(graph)
        } catch  where runners.count > 0 {
            runners.removeAll()
            return try StepRunner(graph)
        }
    }
}
