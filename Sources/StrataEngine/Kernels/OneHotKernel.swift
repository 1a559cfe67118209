internal import CKernels

/// Class indices, int32, as rows of `depth` zeros with a one.
struct OneHotKernel: Kernel {
    var count: Int
    var depth: Int
    var indices: Int
    var result: Int

    var implementation: String { "strata:oneHot" }
    var reads: [Int] { [indices] }
    var writes: [Int] { [result] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        BoundKernel(
            { strata_run_one_hot($0) },
            strata_one_hot(
                count: Int64(count), depth: Int64(depth), source: memory.integers(indices),
                destination: memory.floats(result)))
    }
}
