internal import StrataEngine
internal import StrataGraph

/// A step of a model ready to run: its plan bound to memory, and its inputs.
final class StepRunner {
    let executable: Executable
    private let places: [String: Int]

    convenience init(_ step: StepGraph) throws {
        try self.init(step.make())
    }

    init(_ graph: Graph) throws {
        executable = try Executable(Plan(graph))
        places = Dictionary(
            executable.plan.inputs.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { $1 })
    }

    /// Copies rows of a tensor to an input, if the step uses it.
    ///
    /// - Parameters:
    ///   - name: the input's name.
    ///   - tensor: all samples.
    ///   - rows: the indices of the step's samples.
    func feed(_ name: String, _ tensor: Tensor, rows: ArraySlice<Int>) {
        if let place = places[name] { executable.feed(place, tensor, rows: rows) }
    }

    /// The index of an input; `nil` if the step does not use it.
    func place(of name: String) -> Int? { places[name] }

    /// Copies all rows of a tensor, as many as the step was made for, to an input slot.
    func feed(_ place: Int, _ tensor: Tensor) {
        executable.feed(place, tensor)
    }

    func run() throws { try executable.run() }

    /// Copies of all outputs.
    var outputTensors: [Tensor] {
        executable.plan.outputs.indices.map { executable.outputTensor($0) }
    }

    /// The values of an output of type `float32`.
    func values(_ index: Int) -> [Float] {
        Array(executable.output(index).bindMemory(to: Float.self))
    }
}

/// The most recently used plans, by the kind of batch.
struct StepRunnerCache {
    struct Key: Hashable {
        var mode: StepGraph.Mode
        var types: [TensorType?]
    }

    /// Each plan holds memory for all its activations; a server uses few batch sizes at a time.
    private static let capacity = 12

    private var runners: [(key: Key, runner: StepRunner)] = []

    /// The plan for `key`, which becomes the most recently used.
    mutating func find(_ key: Key) -> StepRunner? {
        guard let found = runners.lastIndex(where: { $0.key == key }) else { return nil }
        if found == runners.count - 1 { return runners[found].runner }
        let entry = runners.remove(at: found)
        runners.append(entry)
        return entry.runner
    }

    mutating func insert(_ runner: StepRunner, for key: Key) {
        if runners.count == StepRunnerCache.capacity { runners.removeFirst() }
        runners.append((key, runner))
    }
}

extension Model {
    /// The plan of a step for data of these types, made on first use.
    func runner(
        _ mode: StepGraph.Mode, inputs: [TensorType], targets: [TensorType] = [],
        weights: [TensorType?] = []
    ) throws -> StepRunner {
        let key = StepRunnerCache.Key(mode: mode, types: inputs + targets + weights)
        if let found = runners.find(key) { return found }
        // Tracing reads the model, so the cache must not be in use meanwhile.
        let made = try StepRunner(
            StepGraph(model: self, mode: mode, inputs: inputs, targets: targets, weights: weights))
        runners.insert(made, for: key)
        return made
    }
}
