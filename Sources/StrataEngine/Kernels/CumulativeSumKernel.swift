internal import CKernels

/// Sums of the elements up to each one along an axis, in float32.
struct CumulativeSumKernel: Kernel {
    var isExclusive: Bool
    var isReversed: Bool
    var split: AxisSplit
    var source: Int
    var result: Int

    var implementation: String { "strata:cumulativeSum" }
    var reads: [Int] { [source] }
    var writes: [Int] { [result] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        BoundKernel(
            { strata_run_cumulative_sum($0) },
            strata_cumulative_sum(
                outer: Int64(split.outer), length: Int64(split.length),
                inner: Int64(split.inner), is_exclusive: isExclusive ? 1 : 0,
                is_reversed: isReversed ? 1 : 0, source: memory.floats(source),
                destination: memory.floats(result)))
    }
}
