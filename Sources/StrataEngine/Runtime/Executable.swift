internal import CKernels
package import StrataGraph

/// A plan bound to memory.
///
/// ``run()`` goes through a flat array of calls: it allocates nothing, looks nothing up, and takes no
/// locks but those of the variables that it writes. An executable is for one thread at a time.
package final class Executable {
    /// One call of the hot loop.
    private struct Call {
        var function: BoundKernel.Function
        var argument: UnsafeRawPointer
    }

    package let plan: Plan
    /// The owner of the memory that other executables of a frozen plan read, too.
    private let frozen: FrozenPlan?
    private var memory: [UnsafeMutableRawPointer] = []
    private var calls: UnsafeMutableBufferPointer<Call>
    private var prologue: [Call] = []
    /// The step of each call, or the one before a call that lets sums over the ranks go on.
    private var stepOfCall: [Int] = []
    /// The owners of what the calls' arguments point to.
    private var bindings: [BoundKernel] = []
    /// Variables that every run gives a new value.
    private let written: [Variable]
    /// Their memory, in an order that all executables have in common, so that two never wait for each
    /// other.
    private let writtenMemory: [VariableBuffer]
    private var inputs: [UnsafeMutableRawBufferPointer] = []
    private var followed: [(variable: Variable, version: Int, copy: UnsafeMutableRawPointer?)] = []
    private let arena: TensorMemory
    private let kept: TensorMemory
    /// Memory of inputs, constants and copies of variables.
    private var separate: [TensorMemory] = []
    private var hasRunPrologue = false
    /// Why a run ended where sums over the ranks were perhaps in flight: they may still write to the arena.
    private var interruption: EngineError?

    /// Lays out the plan's memory, makes its primitives, and adopts the variables that it writes.
    ///
    /// - Throws: how much memory the plan needs, if there is not as much.
    package convenience init(_ plan: Plan) throws {
        try plan.requireMemory(isFrozen: false)
        for resident in plan.residents { try Executable.adopt(resident) }
        try self.init(plan, frozen: nil)
    }

    /// Lays out memory for what a frozen plan's runs write.
    convenience init(_ frozen: FrozenPlan) throws {
        try frozen.plan.requireMemory(isFrozen: true)
        try self.init(frozen.plan, frozen: frozen)
        hasRunPrologue = true
    }

    private init(_ plan: Plan, frozen: FrozenPlan?) throws(EngineError) {
        self.plan = plan
        self.frozen = frozen
        arena = try TensorMemory(byteCount: plan.arenaByteCount)
        kept = try TensorMemory(byteCount: frozen == nil ? plan.persistentByteCount : 0)
        calls = UnsafeMutableBufferPointer(start: nil, count: 0)
        written = frozen == nil ? plan.residents.map(\.variable) : []
        writtenMemory = try written.map { variable throws(EngineError) in
            try Executable.buffer(of: variable)
        }.sorted { ObjectIdentifier($0) < ObjectIdentifier($1) }
        for (number, buffer) in plan.buffers.enumerated() {
            if let frozen {
                memory.append(try bind(number, of: frozen))
            } else {
                memory.append(try bind(buffer))
            }
        }
        inputs = plan.inputs.map { input in
            UnsafeMutableRawBufferPointer(
                start: memory[input.endpoint.buffer],
                count: input.endpoint.shape.reduce(1, *) * input.endpoint.dtype.byteCount)
        }
        let communicator = plan.communicator
        let hasSumBehind = plan.hasSumBehind
        var made: [Call] = []
        for (index, step) in plan.steps.enumerated() {
            made.append(try call(step))
            if let communicator, hasSumBehind[index], step.kernel.sum == nil {
                made.append(call(ProgressCall(communicator).bound))
            }
            stepOfCall += Array(repeating: index, count: made.count - stepOfCall.count)
        }
        calls = .allocate(capacity: made.count)
        _ = calls.initialize(fromContentsOf: made)
        if frozen == nil {
            for step in plan.prologue { prologue.append(try call(step)) }
        }
    }

    deinit {
        calls.deallocate()
    }

    @discardableResult
    static func adopt(_ resident: Plan.Resident) throws(EngineError) -> VariableBuffer {
        let storage = try resident.variable.adopt { tensor throws(EngineError) in
            try VariableBuffer(tensor, layout: resident.layout)
        }
        guard let buffer = storage as? VariableBuffer, buffer.layout.isSame(as: resident.layout)
        else {
            throw EngineError(
                "variable \(resident.variable.name) was laid out by another plan after this one was "
                    + "made; make this plan again")
        }
        return buffer
    }

    static func buffer(of variable: Variable) throws(EngineError) -> VariableBuffer {
        guard let storage = variable.storage as? VariableBuffer else {
            throw EngineError("variable \(variable.name) has no memory in the engine")
        }
        return storage
    }

    private func newMemory(_ byteCount: Int) throws(EngineError) -> UnsafeMutableRawPointer {
        let memory = try TensorMemory(byteCount: byteCount)
        separate.append(memory)
        return memory.base
    }

    private func bind(_ buffer: Plan.Buffer) throws(EngineError) -> UnsafeMutableRawPointer {
        switch buffer.storage {
        case .arena: return arena.base + buffer.offset
        case .persistent: return kept.base + buffer.offset
        case .input: return try newMemory(buffer.byteCount)
        case .constant(let tensor):
            let copy = try newMemory(buffer.byteCount)
            tensor.withUnsafeBytes { bytes in
                if let base = bytes.baseAddress {
                    copy.copyMemory(from: base, byteCount: bytes.count)
                }
            }
            return copy
        case .variable(let variable):
            let storage = try Executable.buffer(of: variable)
            if !plan.residents.contains(where: { $0.variable == variable }) {
                followed.append((variable, -1, nil))
            }
            return storage.memory
        case .variableCopy(let variable):
            let copy = try newMemory(buffer.byteCount)
            followed.append((variable, -1, copy))
            return copy
        }
    }

    private func bind(
        _ number: Int, of frozen: FrozenPlan
    ) throws(EngineError) -> UnsafeMutableRawPointer {
        let buffer = plan.buffers[number]
        let kept = frozen.memory(of: number)
        if let shared = kept.shared { return shared }
        if let initial = kept.initial {
            let copy = try newMemory(buffer.byteCount)
            copy.copyMemory(from: initial.base, byteCount: buffer.byteCount)
            return copy
        }
        switch buffer.storage {
        case .arena: return arena.base + buffer.offset
        case .input: return try newMemory(buffer.byteCount)
        // What the prologue alone has read.
        case .persistent, .constant, .variable, .variableCopy: return arena.base
        }
    }

    private func call(_ step: Plan.Step) throws(EngineError) -> Call {
        call(try step.kernel.bind(to: KernelMemory(buffers: memory)))
    }

    private func call(_ kernel: BoundKernel) -> Call {
        bindings.append(kernel)
        return Call(function: kernel.function, argument: kernel.argument)
    }

    // MARK: Running

    /// The memory of an input, to be filled row-major before ``run()``.
    package func input(_ index: Int) -> UnsafeMutableRawBufferPointer {
        inputs[index]
    }

    /// Copies a tensor to an input of its size.
    package func feed(_ index: Int, _ tensor: Tensor) {
        tensor.withUnsafeBytes { feed(index, $0, count: Self.rowCount(tensor.shape), rows: nil) }
    }

    /// Copies the bytes of an input, row-major; as many as it has.
    package func feed(_ index: Int, _ bytes: UnsafeRawBufferPointer) {
        let endpoint = plan.inputs[index].endpoint
        feed(index, bytes, count: Self.rowCount(endpoint.shape), rows: nil)
        if endpoint.dtype == .bool { inputs[index].makeBool() }
    }

    /// Copies rows of a tensor to an input, as many as it has.
    package func feed(_ index: Int, _ tensor: Tensor, rows: ArraySlice<Int>) {
        rows.withUnsafeBytes {
            let numbers = $0.bindMemory(to: Int64.self)
            tensor.withUnsafeBytes {
                feed(index, $0, count: numbers.count, rows: numbers.baseAddress)
            }
        }
    }

    /// Copies rows of a tensor to the rows of an input from `row` on; nothing where one of them does not exist.
    package func feed(_ index: Int, _ tensor: Tensor, rows: Range<Int>, at row: Int) {
        let endpoint = plan.inputs[index].endpoint
        let (count, all) = (Self.rowCount(endpoint.shape), Self.rowCount(tensor.shape))
        guard count > 0, rows.lowerBound >= 0, rows.upperBound <= all, row >= 0,
            row <= count, rows.count <= count - row, tensor.dtype == endpoint.dtype
        else { return }
        let size = inputs[index].count / count
        tensor.withUnsafeBytes { bytes in
            guard bytes.count == all * size, let from = bytes.baseAddress,
                let to = inputs[index].baseAddress
            else { return }
            copy(rows.count, of: size, from + rows.lowerBound * size, to: to + row * size)
        }
    }

    /// Makes the rows of an input from `row` on zeros.
    package func clear(_ index: Int, from row: Int) {
        let count = Self.rowCount(plan.inputs[index].endpoint.shape)
        guard row >= 0, row < count, let base = inputs[index].baseAddress else { return }
        let begin = row * (inputs[index].count / count)
        (base + begin).initializeMemory(
            as: UInt8.self, repeating: 0, count: inputs[index].count - begin)
    }

    /// By subscript: unoptimised, `first` allocates.
    private static func rowCount(_ shape: [Int]) -> Int { shape.isEmpty ? 1 : shape[0] }

    private func feed(
        _ index: Int, _ source: UnsafeRawBufferPointer, count: Int, rows: UnsafePointer<Int64>?
    ) {
        let input = inputs[index]
        guard let from = source.baseAddress, let to = input.baseAddress, count > 0,
            rows != nil || source.count == input.count
        else { return }
        copy(count, of: input.count / count, from, at: rows, to: to)
    }

    private func copy(
        _ count: Int, of rowSize: Int, _ source: UnsafeRawPointer,
        at indices: UnsafePointer<Int64>? = nil, to destination: UnsafeMutableRawPointer
    ) {
        Threads.prepare()
        var feed = strata_feed(
            count: Int64(count), row_size: Int64(rowSize),
            source: source.assumingMemoryBound(to: CChar.self), indices: indices,
            destination: destination.assumingMemoryBound(to: CChar.self))
        strata_feed_rows(&feed)
    }

    /// The memory of an output after ``run()``, row-major.
    package func output(_ index: Int) -> UnsafeRawBufferPointer {
        let endpoint = plan.outputs[index]
        return UnsafeRawBufferPointer(
            start: memory[endpoint.buffer],
            count: endpoint.shape.reduce(1, *) * endpoint.dtype.byteCount)
    }

    /// A copy of an output after ``run()``.
    package func outputTensor(_ index: Int) -> Tensor {
        let endpoint = plan.outputs[index]
        return Tensor(shape: endpoint.shape, dtype: endpoint.dtype) { bytes in
            bytes.copyMemory(from: output(index))
        }
    }

    /// Copies an output after ``run()`` to memory of its size, row-major.
    package func copyOutput(_ index: Int, to memory: UnsafeMutableRawBufferPointer) {
        let source = output(index)
        if memory.count >= source.count { memory.copyMemory(from: source) }
    }

    /// Copies rows of an output after ``run()`` to memory of their size, row-major.
    package func copyOutput(
        _ index: Int, rows: Range<Int>, to memory: UnsafeMutableRawBufferPointer
    ) {
        let source = output(index)
        let count = Self.rowCount(plan.outputs[index].shape)
        guard count > 0, rows.lowerBound >= 0, rows.upperBound <= count else { return }
        let size = source.count / count
        guard memory.count >= rows.count * size else { return }
        memory.copyMemory(
            from: UnsafeRawBufferPointer(
                rebasing: source[rows.lowerBound * size..<rows.upperBound * size]))
    }

    /// The memory that values, constants and inputs take, without variables.
    package var byteCount: Int {
        separate.reduce(arena.byteCount + kept.byteCount) { $0 + $1.byteCount }
    }

    /// Runs every step once.
    ///
    /// - Complexity: allocates nothing after the first call, but where a variable was changed from
    ///   outside since the last.
    package func run() throws(EngineError) {
        if let interruption { throw interruption }
        let team = beginRun()
        defer { endRun(team) }
        try refresh()
        for index in writtenMemory.indices { writtenMemory[index].lock() }
        defer { for index in writtenMemory.indices { writtenMemory[index].unlock() } }
        for index in calls.indices {
            let call = calls[index]
            if call.function(call.argument) != 0 { throw failure(at: index) }
        }
        for index in written.indices { written[index].countWrite() }
    }

    /// Runs every step once and tells when each call began and ended, with its step.
    func run(
        measuring report: (Int, ContinuousClock.Instant, ContinuousClock.Instant) -> Void
    ) throws(EngineError) {
        if let interruption { throw interruption }
        let team = beginRun()
        defer { endRun(team) }
        try refresh()
        for index in writtenMemory.indices { writtenMemory[index].lock() }
        defer { for index in writtenMemory.indices { writtenMemory[index].unlock() } }
        let clock = ContinuousClock()
        for index in calls.indices {
            let begin = clock.now
            let call = calls[index]
            if call.function(call.argument) != 0 { throw failure(at: index) }
            report(stepOfCall[index], begin, clock.now)
        }
        for index in written.indices { written[index].countWrite() }
    }

    private func beginRun() -> Int32 {
        let team = Threads.enterPlan(of: plan.threadCount)
        strata_run_begins()
        return team
    }

    private func endRun(_ team: Int32) {
        strata_run_ends()
        Threads.leavePlan(team)
    }

    private func failure(at call: Int) -> EngineError {
        let index = stepOfCall[call]
        let step = plan.steps[index]
        var error = EngineError(
            "step \(index), \(step.name), failed while it ran", isOfHost: step.kernel is HostKernel)
        guard let communicator = plan.communicator else { return error }
        if let sum = step.kernel.sum {
            error = EngineError(
                "step \(index), \(step.name), failed while it ran: "
                    + "\(communicator.failure ?? "sum \(sum.number) over the ranks failed")",
                isOfCommunication: true)
        }
        // The other ranks are not where this one is: it cannot go on, and its memory stays theirs.
        interruption = error
        _ = Unmanaged.passRetained(arena)
        return error
    }

    private static func value(of variable: Variable) throws(EngineError) -> Tensor {
        do {
            return try variable.value
        } catch {
            throw EngineError("\(error)")
        }
    }

    /// Brings what follows from variables up to date, if one was changed from outside.
    private func refresh() throws(EngineError) {
        var isStale = !hasRunPrologue
        for index in followed.indices {
            let version = followed[index].variable.version
            if followed[index].version == version { continue }
            followed[index].version = version
            isStale = true
            guard let copy = followed[index].copy else { continue }
            try Executable.value(of: followed[index].variable).withUnsafeBytes { bytes in
                if let base = bytes.baseAddress {
                    copy.copyMemory(from: base, byteCount: bytes.count)
                }
            }
        }
        guard isStale else { return }
        for call in prologue where call.function(call.argument) != 0 {
            throw EngineError("preparing the weights failed")
        }
        hasRunPrologue = true
    }
}
