internal import CKernels
internal import StrataGraph
internal import Synchronization

/// Plans whose variables nothing writes any more, and the memory that they share.
///
/// Each buffer that a step reads is kept once for all plans in which it has the same bytes. Weights lie in
/// the layout of their first reader, and only other layouts of them, and what is computed from them, are
/// further memory.
final class FrozenPlans: FrozenGraphs {
    private struct State {
        var interned = InternedMemory()
        /// The memory of adopted variables.
        var variables: [Variable: VariableBuffer] = [:]
    }

    /// Held while a graph is planned: another plan may find the variables laid out by this one.
    private let state = Mutex(State())

    func prepare(_ graph: Graph) throws -> any FrozenGraph {
        guard graph.updates.isEmpty else {
            throw EngineError("a frozen graph cannot update variables")
        }
        return try state.withLock { state in
            let plan = try Plan(graph, isFrozen: true)
            for resident in plan.residents {
                state.variables[resident.variable] = try Executable.adopt(resident)
            }
            // Plans for changing sizes of images leave behind what no plan uses any more.
            state.interned.removeFreed()
            return try FrozenPlan(plan, &state.interned)
        }
    }

    var byteCount: Int {
        state.withLock { state in
            state.variables.values.reduce(state.interned.byteCount) {
                $0 + $1.layout.byteCount
            }
        }
    }
}

/// Memory that nothing writes any more, once for equal bytes.
struct InternedMemory {
    private struct Entry {
        weak var memory: TensorMemory?
    }

    /// By their size in bytes.
    ///
    /// Memory that no plan uses any more is freed.
    private var entries: [Int: [Entry]] = [:]

    /// The memory with the same bytes, if there is one, else this.
    ///
    /// - Parameter memory: nothing writes it from now on.
    mutating func intern(_ memory: TensorMemory) -> TensorMemory {
        var same = entries[memory.byteCount, default: []].filter { $0.memory != nil }
        defer { entries[memory.byteCount] = same }
        for case let other? in same.map(\.memory) where other.hasSameBytes(as: memory) {
            return other
        }
        same.append(Entry(memory: memory))
        return memory
    }

    mutating func removeFreed() {
        entries = entries.compactMapValues { same in
            let left = same.filter { $0.memory != nil }
            return left.isEmpty ? nil : left
        }
    }

    /// How many memories there are, or were until the last ``removeFreed()``.
    var count: Int { entries.values.reduce(0) { $0 + $1.count } }

    var byteCount: Int {
        entries.values.joined().reduce(0) { $0 + ($1.memory?.byteCount ?? 0) }
    }
}

/// A plan whose variables nothing writes any more, with what its steps read.
final class FrozenPlan: FrozenGraph, @unchecked Sendable {
    let plan: Plan
    /// The memory of buffers, by their number, that no step writes.
    private var shared: [Int: UnsafeMutableRawPointer] = [:]
    /// What buffers hold at first that steps write afterwards.
    private var initial: [Int: TensorMemory] = [:]
    /// Kept with the plan; the owners of variables are their adopters.
    private var owners: [TensorMemory] = []

    /// Runs the prologue, and keeps what the steps read of its results.
    init(_ plan: Plan, _ interned: inout InternedMemory) throws(EngineError) {
        self.plan = plan
        var own: [Int: TensorMemory] = [:]
        // Memory to work in, one step after the other; the values of the arena come later.
        let scratchpads = plan.prologue.compactMap(\.kernel.scratchpad)
        let work = try TensorMemory(
            byteCount: scratchpads.map { plan.buffers[$0].byteCount }.max() ?? 0)
        var memory: [UnsafeMutableRawPointer] = []
        for (number, buffer) in plan.buffers.enumerated() {
            switch buffer.storage {
            case .arena, .input: memory.append(work.base)
            case .persistent, .constant:
                let made = try TensorMemory(byteCount: buffer.byteCount)
                if case .constant(let tensor) = buffer.storage { made.copy(tensor) }
                own[number] = made
                memory.append(made.base)
            case .variable(let variable), .variableCopy(let variable):
                memory.append(try Executable.buffer(of: variable).memory)
            }
        }
        try FrozenPlan.runPrologue(of: plan, KernelMemory(buffers: memory))
        let written = Set(plan.steps.flatMap(\.writes))
        let used = Set(plan.steps.flatMap(\.reads) + plan.outputs.map(\.buffer)).union(written)
        for number in used.sorted() {
            guard let kept = own[number] else {
                switch plan.buffers[number].storage {
                case .variable, .variableCopy: shared[number] = memory[number]
                case .arena, .input, .persistent, .constant: break
                }
                continue
            }
            if written.contains(number) {
                initial[number] = kept
            } else {
                let found = interned.intern(kept)
                shared[number] = found.base
                owners.append(found)
            }
        }
    }

    private static func runPrologue(
        of plan: Plan, _ memory: KernelMemory
    ) throws(EngineError) {
        let team = Threads.enterPlan(of: plan.threadCount)
        defer { Threads.leavePlan(team) }
        for step in plan.prologue {
            let kernel = try step.kernel.bind(to: memory)
            let status = withExtendedLifetime(kernel) { kernel.function(kernel.argument) }
            if status != 0 { throw EngineError("preparing the weights failed") }
        }
    }

    func instance() throws -> any PreparedGraph { try Executable(self) }

    /// The memory of a buffer which outlives every run, and what it holds at first if that is written by steps.
    func memory(of buffer: Int) -> (shared: UnsafeMutableRawPointer?, initial: TensorMemory?) {
        (shared[buffer], initial[buffer])
    }
}

extension TensorMemory {
    fileprivate func hasSameBytes(as other: TensorMemory) -> Bool {
        byteCount == other.byteCount && strata_same_bytes(base, other.base, byteCount) != 0
    }
}
