/// The steps of a plan in the making, and the buffers that they read and write.
struct StepSequence {
    var plan = Plan()
    /// Buffers that depend on constants and on variables that the plan does not update alone.
    private var invariant: Set<Int> = []
    /// Buffers that steps of the prologue have written.
    private var precomputed: Set<Int> = []

    mutating func newBuffer(_ byteCount: Int, _ storage: Plan.Buffer.Storage) -> Int {
        plan.buffers.append(Plan.Buffer(byteCount: max(byteCount, 4), storage: storage))
        return plan.buffers.count - 1
    }

    mutating func markInvariant(_ buffer: Int) { invariant.insert(buffer) }

    /// Appends a step.
    ///
    /// A loop-invariant one, whose operands do not change, becomes part of the prologue; so does one
    /// that adds to what the prologue has computed.
    mutating func append(_ step: Plan.Step) {
        let isInvariant =
            !step.kernel.runsAlways && !step.reads.isEmpty
            && step.reads.allSatisfy { invariant.contains($0) }
            && step.writes.allSatisfy { buffer in
                if case .arena = plan.buffers[buffer].storage { return true }
                return precomputed.contains(buffer)
            }
        guard isInvariant else {
            plan.steps.append(step)
            return
        }
        for buffer in step.writes {
            plan.buffers[buffer].storage = .persistent
            invariant.insert(buffer)
            precomputed.insert(buffer)
        }
        plan.prologue.append(step)
    }
}
