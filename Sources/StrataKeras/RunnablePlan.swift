internal import CStrataKeras
internal import StrataEngine
internal import StrataGraph
import Synchronization

/// The addresses of values and their sizes in bytes.
struct Values<Pointer> {
    let pointers: UnsafeBufferPointer<Pointer>
    let sizes: UnsafeBufferPointer<Int64>

    init(_ pointers: UnsafeBufferPointer<Pointer>, _ sizes: UnsafeBufferPointer<Int64>) {
        (self.pointers, self.sizes) = (pointers, sizes)
    }
}

/// A prepared graph whose runs take and give values in an order of the caller's.
///
/// Threads that run it take turns.
final class RunnablePlan: @unchecked Sendable {
    private struct Input {
        var name: String
        var type: TensorType
        /// The index in the prepared graph; `nil` if the graph does not read it.
        var index: Int?
    }

    private let prepared: any PreparedGraph
    private let inputs: [Input]
    private let outputs: [TensorType]
    private let turn = Mutex(())
    /// The thread whose turn it is; 0 for none.
    private let owner = Atomic<UInt>(0)
    let byteCount: Int

    /// Two plans of one variable that are made at once would not agree on its layout.
    private static let planning = Mutex(())

    init(
        inputs: [SymbolicTensor], outputs: [SymbolicTensor],
        updates: [(variable: Variable, value: SymbolicTensor)]
    ) throws {
        try Self.check(updates)
        let names = try Self.names(inputs)
        let graph = try Graph(outputs: outputs, updates: updates)
        let prepared = try Self.planning.withLock { _ in try CPUEngine().prepare(graph) }
        let read = prepared.inputTypes.map(\.name)
        if let other = read.first(where: { !names.contains($0) }) {
            throw GraphError.argument(
                "the graph reads input \(other), which is not among the \(names.count) inputs",
                fix: "add its symbol to the inputs")
        }
        self.prepared = prepared
        self.inputs = zip(inputs, names).map { input, name in
            Input(
                name: name, type: TensorType(input.shape, input.dtype),
                index: read.firstIndex(of: name))
        }
        self.outputs = outputs.map { TensorType($0.shape, $0.dtype) }
        byteCount = prepared.byteCount
    }

    var description: String { prepared.planDescription }

    /// The names of inputs, each of which is one.
    private static func names(_ inputs: [SymbolicTensor]) throws(GraphError) -> [String] {
        var names: [String] = []
        for (number, input) in inputs.enumerated() {
            guard case .input(let name)? = input.node?.operation else {
                throw .argument(
                    "input \(number) of the plan is the result of an operation",
                    fix: "give the symbol of an input")
            }
            if names.contains(name) {
                throw .argument(
                    "input \(name) of the plan was given twice", fix: "give it once")
            }
            names.append(name)
        }
        return names
    }

    private static func check(
        _ updates: [(variable: Variable, value: SymbolicTensor)]
    ) throws(GraphError) {
        var seen: Set<Variable> = []
        for (variable, value) in updates {
            guard seen.insert(variable).inserted else {
                throw .argument(
                    "variable \(variable.name) has two new values", fix: "give it one")
            }
            guard Shape(variable.shape) == value.shape else {
                throw .argument(
                    "the new value of \(variable.name) has shape \(value.shape), "
                        + "and the variable \(Shape(variable.shape))",
                    fix: "give it a value of its shape")
            }
        }
    }

    // MARK: Running

    func run(
        inputs: Values<UnsafeRawPointer?>, outputs: Values<UnsafeMutableRawPointer?>
    ) throws {
        let given = try self.bytes(inputs)
        let room = try self.memory(outputs)
        try takingTurns {
            for (input, bytes) in zip(self.inputs, given) {
                if let index = input.index { prepared.feed(index, bytes) }
            }
            try prepared.run()
            for (index, bytes) in room.enumerated() { prepared.copyOutput(index, to: bytes) }
        }
    }

    /// A table of the time of each step.
    func profile(seconds: Double) throws -> String {
        try takingTurns { try prepared.profile(seconds: seconds).description }
    }

    private func bytes(
        _ values: Values<UnsafeRawPointer?>
    ) throws(GraphError) -> [UnsafeRawBufferPointer] {
        try check(values.pointers.count, inputs.count, "inputs")
        var result: [UnsafeRawBufferPointer] = []
        for (index, input) in inputs.enumerated() {
            result.append(
                try StrataKeras.bytes(
                    values.pointers[index], values.sizes[index], of: input.type,
                    "input \(input.name)"))
        }
        return result
    }

    private func memory(
        _ values: Values<UnsafeMutableRawPointer?>
    ) throws(GraphError) -> [UnsafeMutableRawBufferPointer] {
        try check(values.pointers.count, outputs.count, "outputs")
        var result: [UnsafeMutableRawBufferPointer] = []
        for (index, type) in outputs.enumerated() {
            result.append(
                try StrataKeras.memory(
                    values.pointers[index], values.sizes[index], for: type,
                    "the place of output \(index)"))
        }
        return result
    }

    private func check(_ got: Int, _ expected: Int, _ what: String) throws(GraphError) {
        if got == expected { return }
        throw .argument(
            "\(got) \(what) were given to a plan of \(expected)", fix: "give \(expected)")
    }

    /// Calls `body` while no other thread uses the plan.
    private func takingTurns<Result>(_ body: () throws -> Result) throws -> Result {
        let thread = strata_keras_thread()
        guard owner.load(ordering: .relaxed) != thread else {
            throw GraphError.argument(
                "a host function runs the plan that called it", fix: "make another plan for it")
        }
        return try turn.withLock { _ in
            owner.store(thread, ordering: .relaxed)
            defer { owner.store(0, ordering: .relaxed) }
            return try body()
        }
    }
}
