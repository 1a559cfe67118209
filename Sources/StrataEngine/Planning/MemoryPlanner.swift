internal import StrataGraph

/// Finds every arena buffer a place such that no two that are alive together overlap.
///
/// Largest first, each at the lowest offset that is free for as long as it lives: a greedy rule that
/// comes close to the optimum on networks (Pisarchyk and Lee, 2020, arXiv:2001.03288).
struct MemoryPlanner {
    private struct Lifetime {
        var first: Int
        var last: Int
        var byteCount: Int
    }

    static let alignment = 64

    /// Sets offsets in `plan`, which has its steps but no memory yet.
    static func place(_ plan: inout Plan) {
        var owner = Array(plan.buffers.indices)
        var lifetimes = lifetimes(of: plan)
        shareInPlace(plan, &owner, &lifetimes)
        var arena = 0
        var placed: [(lifetime: Lifetime, offset: Int)] = []
        let order = lifetimes.keys.sorted {
            let (a, b) = (lifetimes[$0]?.byteCount ?? 0, lifetimes[$1]?.byteCount ?? 0)
            return a != b ? a > b : $0 < $1
        }
        for buffer in order {
            guard let lifetime = lifetimes[buffer] else { continue }
            let rivals = placed.filter {
                $0.lifetime.first <= lifetime.last && lifetime.first <= $0.lifetime.last
            }.sorted { $0.offset < $1.offset }
            var offset = 0
            for rival in rivals where offset + lifetime.byteCount > rival.offset {
                offset = max(offset, aligned(rival.offset + rival.lifetime.byteCount))
            }
            plan.buffers[buffer].offset = offset
            placed.append((lifetime, offset))
            arena = max(arena, aligned(offset + lifetime.byteCount))
        }
        // The steps of the prologue run while the arena holds nothing.
        for scratchpad in plan.prologue.compactMap(\.scratchpad) {
            arena = max(arena, aligned(plan.buffers[scratchpad].byteCount))
        }
        plan.arenaByteCount = arena
        for buffer in plan.buffers.indices where owner[buffer] != buffer {
            plan.buffers[buffer].offset = plan.buffers[owner[buffer]].offset
        }
        for buffer in plan.buffers.indices {
            if case .persistent = plan.buffers[buffer].place {
                plan.buffers[buffer].offset = plan.persistentByteCount
                plan.persistentByteCount += aligned(plan.buffers[buffer].byteCount)
            } else if case .arena = plan.buffers[buffer].place {
                plan.unsharedByteCount += aligned(plan.buffers[buffer].byteCount)
            }
        }
    }

    private static func aligned(_ byteCount: Int) -> Int {
        (byteCount + alignment - 1) / alignment * alignment
    }

    private static func lifetimes(of plan: Plan) -> [Int: Lifetime] {
        var result: [Int: Lifetime] = [:]
        for (time, step) in plan.steps.enumerated() {
            for buffer in step.reads + step.writes + [step.scratchpad].compactMap(\.self) {
                guard case .arena = plan.buffers[buffer].place else { continue }
                let byteCount = plan.buffers[buffer].byteCount
                var lifetime =
                    result[buffer] ?? Lifetime(first: time, last: time, byteCount: byteCount)
                lifetime.last = time
                result[buffer] = lifetime
            }
        }
        for output in plan.outputs { result[output.buffer]?.last = plan.steps.count }
        return result
    }

    /// Lets an elementwise step write over an operand that nobody reads afterwards.
    private static func shareInPlace(
        _ plan: Plan, _ owner: inout [Int], _ lifetimes: inout [Int: Lifetime]
    ) {
        for (time, step) in plan.steps.enumerated() {
            guard case .program(let program) = step.kind else { continue }
            for (number, slot) in program.slots.enumerated() where slot.isOutput {
                guard case .full(let output) = slot.kind, owner[output] == output,
                    let own = lifetimes[output], own.first == time
                else { continue }
                let width = slot.dtype.byteCount
                let free = program.slots.compactMap { slot -> Int? in
                    guard !slot.isOutput, case .full(let buffer) = slot.kind,
                        slot.dtype.byteCount == width, program.canOverwrite(buffer, with: number)
                    else { return nil }
                    return owner[buffer]
                }.first { candidate in
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
