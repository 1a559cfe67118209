internal import CKernels

/// The index of the largest element along an axis, from float32 to int32.
struct ArgMaxKernel: Kernel {
    var split: AxisSplit
    var source: Int
    var indices: Int

    var implementation: String { "strata:argMax" }
    var reads: [Int] { [source] }
    var writes: [Int] { [indices] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        BoundKernel(
            { strata_run_arg_max($0) },
            strata_arg_max(
                outer: Int64(split.outer), length: Int64(split.length),
                inner: Int64(split.inner), source: memory.floats(source),
                destination: memory.integers(indices)))
    }
}
