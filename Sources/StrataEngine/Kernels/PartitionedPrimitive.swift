internal import CKernels

/// One primitive of oneDNN over partitions of a batch, one on each thread.
struct PartitionedPrimitive: Kernel {
    var descriptor: PrimitiveDescriptor
    /// The operands of each partition.
    var partitions: [[Primitive.Operand]]
    var reads: [Int]
    var writes: [Int]
    var scratchpad: Int?

    var implementation: String { "\(partitions.count) x \(descriptor.implementation.name)" }

    func problems(_ byteCounts: [Int]) -> [String] {
        let named = Set(reads + writes + [scratchpad].compactMap(\.self))
        let all = partitions.flatMap(\.self)
        return all.problems(byteCounts)
            + all.filter { !named.contains($0.buffer) }.map {
                "uses %\($0.buffer), but does not say so"
            }
    }

    func bind(to memory: KernelMemory) throws(EngineError) -> BoundKernel {
        let primitives = try partitions.map { operands throws(EngineError) in
            try BoundPrimitive(descriptor, operands, memory)
        }
        let calls = ArgumentTable<UnsafeRawPointer?>(primitives.map { UnsafeRawPointer($0.call) })
        let areTaken = ArgumentTable([Int32](repeating: 0, count: primitives.count))
        return BoundKernel(
            { strata_run_calls($0) },
            strata_calls(
                count: Int64(primitives.count), function: BoundPrimitive.execute,
                arguments: calls.base, are_taken: areTaken.address),
            tables: primitives + [calls, areTaken])
    }
}
