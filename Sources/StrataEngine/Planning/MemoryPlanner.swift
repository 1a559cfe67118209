internal import StrataGraph

/// Gives arena buffers offsets such that no two with overlapping lifetimes overlap in memory.
///
/// Largest first, each at the lowest offset that is free during its lifetime: a greedy rule that comes close to the
/// optimum on networks (Pisarchyk and Lee, 2020, arXiv:2001.03288). Among free offsets one around the **middle** of an
/// earlier buffer comes first: threads divide the images of a batch, so that on both sides of it memory stays with the
/// same thread (``Packing``).
struct MemoryPlanner {
    /// The most memory to spend so that memory stays with its thread; little beside the size of a process.
    private static let spareByteCount = 4 << 20

    /// Sets offsets in `plan`, which has its steps but no memory yet.
    static func place(_ plan: inout Plan) {
        var owner = Array(plan.buffers.indices)
        var lifetimes = lifetimes(of: plan)
        shareInPlace(plan, &owner, &lifetimes)
        let order = lifetimes.sorted { a, b in
            let (first, second) = (a.value.byteCount, b.value.byteCount)
            return first != second ? first > second : a.key < b.key
        }
        let tight = Packing(order)
        let packing = Packing(order, budget: tight.byteCount + spareByteCount)
        for (buffer, offset) in packing.offsets { plan.buffers[buffer].offset = offset }
        var arena = packing.byteCount
        // The steps of the prologue run while the arena holds nothing.
        for scratchpad in plan.prologue.compactMap(\.kernel.scratchpad) {
            arena = max(arena, Packing.aligned(plan.buffers[scratchpad].byteCount))
        }
        plan.arenaByteCount = arena
        for buffer in plan.buffers.indices where owner[buffer] != buffer {
            plan.buffers[buffer].offset = plan.buffers[owner[buffer]].offset
        }
        for buffer in plan.buffers.indices {
            if case .persistent = plan.buffers[buffer].storage {
                plan.buffers[buffer].offset = plan.persistentByteCount
                plan.persistentByteCount += Packing.aligned(plan.buffers[buffer].byteCount)
            } else if case .arena = plan.buffers[buffer].storage {
                plan.unsharedByteCount += Packing.aligned(plan.buffers[buffer].byteCount)
            }
        }
    }

    private static func lifetimes(of plan: Plan) -> [Int: Packing.Lifetime] {
        var result: [Int: Packing.Lifetime] = [:]
        for (time, step) in plan.steps.enumerated() {
            for buffer in step.reads + step.writes + [step.kernel.scratchpad].compactMap(\.self) {
                guard case .arena = plan.buffers[buffer].storage else { continue }
                let byteCount = plan.buffers[buffer].byteCount
                var lifetime =
                    result[buffer]
                    ?? Packing.Lifetime(first: time, last: time, byteCount: byteCount)
                lifetime.last = time
                result[buffer] = lifetime
            }
        }
        for output in plan.outputs { result[output.buffer]?.last = plan.steps.count }
        return result
    }

    /// Lets an elementwise step overwrite an operand that no later step reads.
    private static func shareInPlace(
        _ plan: Plan, _ owner: inout [Int], _ lifetimes: inout [Int: Packing.Lifetime]
    ) {
        for (time, step) in plan.steps.enumerated() {
            for output in step.writes {
                guard owner[output] == output, let own = lifetimes[output], own.first == time
                else { continue }
                let operands = step.kernel.operandsToReplace(with: output).map { owner[$0] }
                let free = operands.first { candidate in
                    guard let lifetime = lifetimes[candidate] else { return false }
                    return lifetime.last == time && lifetime.first < time
                        && lifetime.byteCount == own.byteCount
                }
                guard let free else { continue }
                owner[output] = free
                lifetimes[free]?.last = own.last
                lifetimes[output] = nil
            }
        }
    }
}
