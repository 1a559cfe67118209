internal import CKernels
internal import StrataGraph

/// Operations on elements, one after the other on blocks that stay in the cache.
///
/// C interprets the instructions (`CKernels/program.c`).
struct FusedElementwise: Kernel {
    /// One of the loops that go through the result in its order in memory.
    struct Loop: Sendable, Equatable {
        var count: Int
        var stride: Int
    }

    struct Slot: Sendable {
        enum Kind: Sendable {
            case temporary
            case full(buffer: Int)
            case scalar(buffer: Int)
            case immediate(Float)
            /// Memory whose elements repeat: the loops over the result, and how far each goes in it.
            case broadcast(buffer: Int, loops: [Loop])
        }

        var kind: Kind
        var dtype: DType
        var isOutput = false

        /// The memory that the slot's elements lie in.
        var buffer: Int? {
            switch kind {
            case .full(let buffer), .scalar(let buffer), .broadcast(let buffer, _): buffer
            case .temporary, .immediate: nil
            }
        }
    }

    struct Instruction: Sendable {
        var opcode: strata_opcode
        var destination: Int
        var operands: [Int]
        var rate: Float = 0
        var key: UInt64 = 0
        /// The elements of a row, where the last operand is the first row of a random operation.
        var rowSize = 0
    }

    var count: Int
    var slots: [Slot]
    var instructions: [Instruction]
    /// The order of the elements in memory, where it is not row-major and random numbers follow from the
    /// row-major index.
    var loops: [MemoryDescriptor.Loop] = []

    var implementation: String { "strata:elementwise" }
    var reads: [Int] { slots.compactMap { $0.isOutput ? nil : $0.buffer } }
    var writes: [Int] { slots.compactMap { $0.isOutput ? $0.buffer : nil } }

    func bind(to memory: KernelMemory) -> BoundKernel {
        let instructions = ArgumentTable(self.instructions.map(strata_instruction.init))
        let slots = ArgumentTable(self.slots.map { strata_slot($0, memory) })
        var raw = strata_fused_elementwise()
        raw.count = Int64(count)
        raw.loop_count = Int32(loops.count)
        copyAxes(loops.map(\.count), to: &raw.loop_counts)
        copyAxes(loops.map(\.stride), to: &raw.loop_strides)
        raw.instruction_count = Int32(self.instructions.count)
        raw.instructions = instructions.base
        raw.slot_count = Int32(self.slots.count)
        raw.slots = slots.base
        return BoundKernel(
            { strata_run_fused_elementwise($0) }, raw, tables: [instructions, slots])
    }
}

// MARK: Memory that outputs share with operands

extension FusedElementwise {
    /// Whether an output may lie in a buffer that operands lie in: nothing reads them afterwards.
    private func canOverwrite(_ buffer: Int, with output: Int) -> Bool {
        guard let written = instructions.firstIndex(where: { $0.destination == output }) else {
            return false
        }
        return !instructions[(written + 1)...].contains { instruction in
            instruction.operands.contains { $0 != output && slots[$0].buffer == buffer }
        }
    }

    func operandsToReplace(with output: Int) -> [Int] {
        guard
            let result = slots.firstIndex(where: { slot in
                if slot.isOutput, case .full(output) = slot.kind { true } else { false }
            })
        else { return [] }
        let width = slots[result].dtype.byteCount
        return slots.compactMap { slot in
            guard !slot.isOutput, case .full(let buffer) = slot.kind,
                slot.dtype.byteCount == width, canOverwrite(buffer, with: result)
            else { return nil }
            return buffer
        }
    }

    func mayOverwrite(_ read: Int, with written: Int) -> Bool {
        let outputs = slots.indices.filter { slots[$0].isOutput && slots[$0].buffer == written }
        let operands = slots.filter { !$0.isOutput && $0.buffer == read }
        return outputs.allSatisfy { output in
            let width = slots[output].dtype.byteCount
            return operands.allSatisfy { $0.dtype.byteCount == width }
                && canOverwrite(read, with: output)
        }
    }
}

// MARK: Verification

extension FusedElementwise {
    func problems(_ byteCounts: [Int]) -> [String] {
        var problems: [String] = []
        if slots.count > Int(STRATA_MAX_SLOTS) { problems.append("has too many slots") }
        if loops.count > Int(STRATA_MAX_LOOPS) { problems.append("has too many loops") }
        var isSet = slots.map { slot in
            if case .temporary = slot.kind { false } else { !slot.isOutput }
        }
        for instruction in instructions {
            problems += instruction.operands.filter { !isSet[$0] }.map {
                "computes with slot \($0) before it is set"
            }
            isSet[instruction.destination] = true
        }
        for (number, slot) in slots.enumerated() {
            guard let buffer = slot.buffer else { continue }
            if !isSet[number] { problems.append("never sets slot \(number)") }
            problems += self.problems(slot, in: buffer, of: byteCounts[buffer])
        }
        return problems
    }

    private func problems(_ slot: Slot, in buffer: Int, of byteCount: Int) -> [String] {
        var problems: [String] = []
        var elements = 1
        switch slot.kind {
        case .broadcast(_, let loops):
            if loops.count > Int(STRATA_MAX_AXES) { problems.append("has too many axes") }
            elements += loops.reduce(0) { $0 + ($1.count - 1) * $1.stride }
        case .full: elements = count
        case .scalar, .temporary, .immediate: break
        }
        if elements * slot.dtype.byteCount > byteCount {
            problems.append("goes over the end of %\(buffer)")
        }
        return problems
    }
}

// MARK: C's form

extension strata_instruction {
    fileprivate init(_ instruction: FusedElementwise.Instruction) {
        let operands = instruction.operands.map(Int32.init) + [0, 0, 0]
        self.init(
            opcode: Int32(instruction.opcode.rawValue),
            destination: Int32(instruction.destination), a: operands[0], b: operands[1],
            c: operands[2], rate: instruction.rate, key: instruction.key,
            row_size: UInt64(bitPattern: Int64(instruction.rowSize)))
    }
}

extension strata_slot {
    fileprivate init(_ slot: FusedElementwise.Slot, _ memory: KernelMemory) {
        self.init()
        is_output = slot.isOutput ? 1 : 0
        type = Int32(slot.dtype.kernelType.rawValue)
        self.memory = slot.buffer.map { memory[$0] }
        switch slot.kind {
        case .temporary: kind = Int32(strata_slot_temporary.rawValue)
        case .full: kind = Int32(strata_slot_full.rawValue)
        case .scalar: kind = Int32(strata_slot_scalar.rawValue)
        case .immediate(let value):
            kind = Int32(strata_slot_immediate.rawValue)
            immediate = value
        case .broadcast(_, let loops):
            kind = Int32(strata_slot_broadcast.rawValue)
            rank = Int32(loops.count)
            copyAxes(loops.map(\.count), to: &dims)
            copyAxes(loops.map(\.stride), to: &strides)
        }
    }
}

extension DType {
    fileprivate var kernelType: strata_type {
        switch self {
        case .float32: strata_float32
        case .bfloat16: strata_bfloat16
        case .int32: strata_int32
        case .uint8, .bool: strata_uint8
        }
    }
}
