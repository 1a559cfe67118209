import CKernels
import Testing

@testable import StrataEngine

/// A slot of fused elementwise operations, with its memory.
struct FusedSlot {
    fileprivate var raw = strata_slot()
    fileprivate var memory: (any Written)?

    /// A block of the thread.
    static var temporary: FusedSlot { FusedSlot() }

    /// A constant.
    static func immediate(_ value: Float) -> FusedSlot {
        var slot = FusedSlot(strata_slot_immediate)
        slot.raw.immediate = value
        return slot
    }

    /// Memory with one element.
    static func scalar<T>(_ memory: Cells<T>, _ type: strata_type = strata_float32) -> FusedSlot {
        FusedSlot(strata_slot_scalar, memory, type)
    }

    /// Memory with all elements.
    static func full<T>(_ memory: Cells<T>, _ type: strata_type = strata_float32) -> FusedSlot {
        FusedSlot(strata_slot_full, memory, type)
    }

    /// Memory with all elements, to be written.
    static func output<T>(_ memory: Cells<T>, _ type: strata_type = strata_float32) -> FusedSlot {
        var slot = full(memory, type)
        slot.raw.is_output = 1
        return slot
    }

    /// Memory whose elements repeat.
    static func broadcast<T>(
        _ memory: Cells<T>, dims: [Int], strides: [Int], _ type: strata_type = strata_float32
    ) -> FusedSlot {
        var slot = FusedSlot(strata_slot_broadcast, memory, type)
        slot.raw.rank = Int32(dims.count)
        copyAxes(dims, to: &slot.raw.dims)
        copyAxes(strides, to: &slot.raw.strides)
        return slot
    }

    private init(_ kind: strata_slot_kind = strata_slot_temporary) {
        raw.kind = Int32(kind.rawValue)
        raw.type = Int32(strata_float32.rawValue)
    }

    private init<T>(_ kind: strata_slot_kind, _ cells: Cells<T>, _ type: strata_type) {
        self.init(kind)
        raw.type = Int32(type.rawValue)
        raw.memory = UnsafeMutableRawPointer(cells.base)
        memory = cells
    }

    fileprivate var isOutput: Bool { raw.is_output != 0 }
}

extension strata_instruction {
    /// An instruction on slots by number; `destination` is written.
    init(
        _ opcode: strata_opcode, to destination: Int, _ a: Int, _ b: Int = 0, _ c: Int = 0,
        rate: Float = 0, key: UInt64 = 0, rowSize: UInt64 = 0
    ) {
        self.init(
            opcode: Int32(opcode.rawValue), destination: Int32(destination), a: Int32(a),
            b: Int32(b), c: Int32(c), rate: rate, key: key, row_size: rowSize)
    }
}

/// Runs instructions on `count` elements, in one thread and in a team.
///
/// The loops are those over the result in its memory order: lengths and row-major strides.
func runFused(
    _ count: Int, _ slots: [FusedSlot], _ instructions: [strata_instruction],
    loops: [(count: Int, stride: Int)] = []
) {
    let (table, code) = (Cells(slots.map(\.raw)), Cells(instructions))
    var arguments = strata_fused_elementwise()
    arguments.count = Int64(count)
    arguments.loop_count = Int32(loops.count)
    copyAxes(loops.map(\.count), to: &arguments.loop_counts)
    copyAxes(loops.map(\.stride), to: &arguments.loop_strides)
    (arguments.instruction_count, arguments.slot_count) = (
        Int32(instructions.count), Int32(slots.count)
    )
    (arguments.instructions, arguments.slots) = (code.pointer, table.pointer)
    let memory = slots.compactMap(\.memory)
    call(
        strata_run_fused_elementwise, arguments, reading: memory + [table, code],
        writing: slots.filter(\.isOutput).compactMap(\.memory))
}
